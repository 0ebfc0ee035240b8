from odoo.tests import HttpCase, tagged

URL = "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
SUITE = "@account_dunning_scenario"


def get_hash(text):
    """Return the id by which the page of tests knows a suite.

    >>> get_hash("@web/core")
    'e39ce9ba'
    """
    number = 0
    for character in text:
        number = (number << 5) - number + ord(character) & 0xFFFFFFFF
    return f"{number:08x}"


@tagged("post_install", "-at_install", "browser")
class TestJavascript(HttpCase):
    """The unit tests of what runs in the browser, this module's alone."""

    def test_units(self):
        self.browser_js(
            f"{URL}&id={get_hash(SUITE)}",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )
