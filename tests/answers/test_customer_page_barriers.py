import json
from pathlib import Path

from odoo.tests import tagged

from ..common import day
from .test_customer_page import BROWSER, PageCommon

# Installed by dev/devstack/axe.py.
AXE = Path(__file__).resolve().parents[2] / (
    ".local/axe/node_modules/axe-core/axe.min.js"
)
KINDS = (
    "confirm",
    "promise",
    "paid",
    "dispute",
    "not_received",
    "contact",
    "question",
)
# Shows each page in light and dark and looks for barriers. Dark colours are those of
# the style sheet's own rule, whatever the browser prefers.
LOOK = """
(async () => {
    const states = %(states)s;
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
    const faults = [];
    const schemes = { light: "not all", dark: "all" };

    function isOfScheme({ media }) {
        return media && /^(not all|all)$|prefers-color-scheme/.test(media.mediaText);
    }

    async function show(text) {
        const page = new DOMParser().parseFromString(text, "text/html");
        const root = document.documentElement;
        root.lang = page.documentElement.lang;
        root.replaceChildren(...page.documentElement.children);
        const sheet = document.querySelector("link[rel=stylesheet]");
        if (sheet) {
            await new Promise((done) => sheet.addEventListener("load", done));
        }
    }

    function setScheme(media) {
        for (const sheet of document.styleSheets) {
            for (const rule of sheet.cssRules) {
                if (isOfScheme(rule)) {
                    rule.media.mediaText = media;
                }
            }
        }
    }

    async function look(name) {
        const found = await axe.run(document, { runOnly: tags });
        for (const { id, nodes } of found.violations) {
            for (const node of nodes) {
                faults.push(`${name}: ${id}: ${node.html} ${node.failureSummary}`);
            }
        }
    }

    for (const [name, text] of Object.entries(states)) {
        await show(text);
        const { scrollWidth } = document.documentElement;
        if (scrollWidth > innerWidth) {
            faults.push(`${name}: ${scrollWidth} pixels wide`);
        }
        for (const [scheme, media] of Object.entries(schemes)) {
            setScheme(media);
            await look(`${name}, ${scheme}`);
        }
    }
    if (faults.length) {
        console.error(faults.join("\\n"));
    } else {
        console.log("test successful");
    }
})();
"""


@tagged("post_install", "-at_install", "browser")
class TestCustomerPageBarriers(PageCommon):
    """Every customer can read the page and answer on it: blind, without a mouse, on a
    small telephone, by day and by night."""

    browser_size = "360x740"  # CSS pixels of a small telephone

    def setUp(self):
        super().setUp()
        if not AXE.exists():
            self.fail(f"axe-core is missing: {AXE}")

    def _choose(self, text, kind):
        """Return a page on which a kind of answer is chosen."""
        mark = f'value="{kind}"'
        self.assertIn(mark, text, "a kind that the page does not offer")
        return text.replace(mark, f'{mark} checked="checked"', 1)

    def _get_first_looks(self):
        """Return {state: page} before anything is sent, each kind chosen in turn."""
        text = self.url_open(self.path, headers=BROWSER).text
        states = {"first look": text}
        for kind in KINDS[1:]:
            states[f"{kind} chosen"] = self._choose(text, kind)
        return states

    def _get_faulty(self):
        """Return {state: page} of answers that have to be corrected."""
        return {
            f"{kind} to correct": self._answer(kind).text
            for kind in KINDS
            if kind != "not_received"
        }

    def _look(self, states):
        code = LOOK % {"states": json.dumps(states)}
        self.browser_js(self.path, AXE.read_text() + ";" + code, timeout=180)

    def test_reading_and_choosing(self):
        self._create_credit_note(20, day("02-01"))
        self._look(self._get_first_looks())

    def test_correcting(self):
        """Nothing that is typed in a wrong way hides why."""
        self._look(self._get_faulty())

    def test_page_after_an_answer(self):
        done = self._answer("question", question_text="May I pay in two parts?")
        self._answer(
            "dispute",
            items=self.first,
            reason=str(self.env["dunning.dispute.reason"].search([], limit=1).id),
            dispute_text="Two boxes were broken",
        )
        states = {
            "after a question": done.text,
            "with a state": self.url_open(self.path, headers=BROWSER).text,
        }
        self._pay(self.first, day("03-04"))
        self._pay(self.second, day("03-04"))
        states["nothing to pay"] = self.url_open(self.path, headers=BROWSER).text
        self.assertIn("You have nothing to pay", states["nothing to pay"])
        self._look(states)

    def test_page_in_french(self):
        self.customer.lang = "fr_FR"
        text = self.url_open(self.path, headers=BROWSER).text
        self.assertIn('lang="fr-FR"', text)
        self._look({"in French": self._choose(text, "promise")})
