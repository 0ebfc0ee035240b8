# Input of `odoo shell`: builds the bundles that pages, tests and letters ask for.
import os

PAGES = (
    "web.assets_web",
    "web.assets_frontend_lazy",
    "web.assets_frontend_minimal",
    "web.report_assets_common",
    "web.report_assets_pdf",
)
TESTS = (
    "web.assets_tests",
    "web.__assets_tests_call__",
    "web.assets_unit_tests",
    "web.assets_unit_tests_setup",
)
BOTH = PAGES + (TESTS if os.environ.get("DUNNING_TEST_BUNDLES") else ())
STYLES_ONLY = ("web.assets_frontend", "web.assets_web_print")
# wkhtmltopdf gets the variant with vendor prefixes.
PREFIXED = ("web.report_assets_common", "web.report_assets_pdf")

qweb = env["ir.qweb"]  # noqa: F821
for bundle in BOTH:
    qweb._get_asset_bundle(bundle, css=False, js=True).js()
for bundle in BOTH + STYLES_ONLY:
    qweb._get_asset_bundle(bundle, css=True, js=False).css()
for bundle in PREFIXED:
    qweb._get_asset_bundle(bundle, css=True, js=False, autoprefix=True).css()

env.cr.commit()  # noqa: F821
print("assets made")
