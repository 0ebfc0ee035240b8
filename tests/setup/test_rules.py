import tempfile
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ...dev import check_rules

PAGE = """# Rules

| number | rule |
| ------ | ---- |
| S1-01  | All customers are followed up. |
| S1-02  | A key account is called first. |
| S1-03  | Whoever paid is thanked. |
| J5     | Late payment costs 40 €. |
| C6     | What is paid is not asked for. |
"""
CITING = '''"""Who paid is thanked (S1-01..S1-03, J5): case C6."""'''


@tagged("post_install", "-at_install")
class TestRules(TransactionCase):
    """Numbers in code and stories lead to their sentence."""

    def _check(self, files, page=PAGE):
        """Return what the check says about a tree, in one text."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in {"docs/RULES.md": page, **files}.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return "\n".join(check_rules.problems(root, [*files]))

    def test_numbers_of_this_repository_lead_somewhere(self):
        root = check_rules.ROOT
        paths = [path.relative_to(root) for path in root.glob("[!.]*/**/*.*")]
        paths += [path.relative_to(root) for path in root.glob("[!.]*.*")]
        names = [path.as_posix() for path in paths]
        self.assertEqual(list(check_rules.problems(root, names)), [])

    def test_page_and_tree_that_agree(self):
        self.assertEqual(self._check({"models/a.py": CITING}), "")

    def test_number_without_sentence(self):
        """Somebody cites what they know by heart: nobody else would find it."""
        for name, text in {
            "models/a.py": '"""Thank (S1-09)."""',
            "models/b.py": "x = 1  # no reminder (S1-01, J9)",
            "models/c.py": 'def f():\n    """P3: no reminder for something paid."""',
            "tests/test_d.py": 'check(1, 1, "whatever was paid (J10)")',
            "data/e.xml": "<odoo>\n<!-- Letters: case C7 -->\n</odoo>",
            "static/src/f.js": "// one call a day (P4)",
            "docs/developer.md": "Thanks are optional (S1-35).",
        }.items():
            found = self._check({"models/all.py": CITING, name: text})
            self.assertRegex(found, rf"^{name}:\d: \w[\d-]+ has no sentence", name)

    def test_range_needs_each_number_between(self):
        page = PAGE.replace("| S1-02  | A key account is called first. |\n", "")
        self.assertIn("S1-02 has no", self._check({"models/a.py": CITING}, page))
        text = CITING.replace("..", " to\n# ")
        self.assertIn("S1-02 has no", self._check({"models/a.py": text}, page))

    def test_range_names_both_ends_in_full(self):
        text = CITING.replace("S1-03", "03")
        self.assertIn("both ends", self._check({"models/a.py": text}))

    def test_sentence_that_nobody_cites(self):
        text = CITING.replace(", J5", "")
        self.assertIn("J5 is cited nowhere", self._check({"models/a.py": text}))

    def test_page_says_each_rule_once_in_a_sentence(self):
        page = PAGE + "| J5 | Late |\n"
        found = self._check({"models/a.py": CITING}, page)
        self.assertIn("J5 stands there twice", found)
        self.assertIn("J5 has no whole sentence", found)

    def test_page_refers_to_its_own_rules(self):
        page = PAGE.replace("40 €.", "40 €, consumers nothing (J10).")
        self.assertIn("names J10", self._check({"models/a.py": CITING}, page))

    def test_what_only_looks_like_a_citation(self):
        """Days, cells and points of a drawing are no rules."""
        for name, text in {
            "models/a.py": 'J5 = "P3"\ncells = [C7, "J99", f"{P1}C8"]',
            "models/b.py": '"""The e-mail leaves at J+8, in ISO-8859-15."""',
            "static/src/c.js": 'const path = "M0 P1 C20 30";',
            "data/d.xml": '<odoo><path d="C20"/></odoo>',
        }.items():
            self.assertEqual(self._check({"models/all.py": CITING, name: text}), "")
