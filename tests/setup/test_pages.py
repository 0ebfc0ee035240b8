import re
import tempfile
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ...dev import check_pages
from ...models.scenario.file.scenario_placeholders import PATHS

PAGE = """# Architecture

`Courier` (`models/delivery/courier.py`, `_run`) is told in [the rules](RULES.md); the
files of `models/delivery/` are loaded by `courier.py`. See https://example.com/docs/none.
"""
TREE = {
    "docs/ARCHITECTURE.md": PAGE,
    "docs/RULES.md": "# Rules\n",
    "models/delivery/courier.py": "class Courier:\n    def _run(self): pass\n",
}


@tagged("post_install", "-at_install")
class TestPages(TransactionCase):
    """Whoever follows a page finds what it names."""

    def _check(self, **changes):
        """Return what the check says about a tree, some words of its page changed."""
        page = PAGE
        for old, new in changes.items():
            self.assertIn(old, page)
            page = page.replace(old, new)
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in {**TREE, "docs/ARCHITECTURE.md": page}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return "\n".join(check_pages.problems(root, [*TREE]))

    def test_page_that_is_true(self):
        self.assertEqual(self._check(), "")

    def test_file_that_moved(self):
        found = self._check(**{"models/delivery/courier.py": "models/courier.py"})
        self.assertEqual(found, "docs/ARCHITECTURE.md:3: there is no models/courier.py")

    def test_link_that_leads_nowhere(self):
        self.assertIn(
            "the link to rules/S.md", self._check(**{"RULES.md": "rules/S.md"})
        )

    def test_method_that_was_renamed(self):
        self.assertIn("knows no _start", self._check(**{"_run": "_start"}))

    def test_file_named_alone(self):
        self.assertIn(
            "knows no post.py", self._check(**{"by `courier.py`": "by `post.py`"})
        )

    def test_page_of_texts_names_each_place(self):
        """What a text may fill in, neither more nor less."""
        page = (check_pages.ROOT / "docs/texts.md").read_text(encoding="utf-8")
        named = set(re.findall(r"^\| `(object\.[\w.]+)`", page, re.M))
        self.assertEqual(named, PATHS)
