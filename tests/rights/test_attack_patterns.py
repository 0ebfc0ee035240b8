import ast
import re
from pathlib import Path

from freezegun import api as clock

from odoo.tests import TransactionCase

ROOT = Path(__file__).parents[2]
LENGTH = 50_000
MOST_SECONDS = 3
# What strangers repeat: beginnings of what a pattern looks for, without its end.
BITS = (
    " ",
    "'@",
    "'a@",
    "(111, ",
    "/*",
    "/my/",
    "/my/access_token",
    "/rate/",
    "%2Fmy%2F",
    "%(a)s",
    "1",
    "1 ",
    "40 ",
    "<t ",
    "[a",
    "\\a",
    "\n",
    "a@b ",
    "if ",
    "url(",
    "{",
    "{{",
)
# Only compared with a whole text: there is no place where to begin anew.
COMPARED = {"ADDRESS", "AMOUNT", "DRAWING", "RASTER"}


def get_patterns(path):
    """Yield the name and the pattern of each one that a file compiles once."""
    known = {"re": re}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            try:
                code = compile(ast.Module([node], []), str(path), "exec")
                exec(code, known)
            except Exception:
                continue
    for name, value in known.items():
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            yield name, value


class TestPatterns(TransactionCase):
    """Customers, strangers and scenario files bring texts of any length."""

    def test_every_pattern_is_through_with_a_long_text(self):
        """None looks for an end that is not there again and again."""
        slow, count = [], 0
        for folder in ("controllers", "models", "report", "wizard"):
            for path in sorted((ROOT / folder).rglob("*.py")):
                for name, pattern in get_patterns(path):
                    count += name not in COMPARED
                    if name not in COMPARED and self._is_slow(pattern.sub):
                        slow.append(f"{path.relative_to(ROOT)}: {name}")
        self.assertGreater(count, 20)
        self.assertFalse(slow, "\n".join(slow))

    def _is_slow(self, sub):
        """Tell whether a pattern takes long for one of the texts."""
        for bit in BITS:
            start = clock.real_perf_counter()
            sub("", bit * (LENGTH // len(bit)))
            if clock.real_perf_counter() - start > MOST_SECONDS:
                return True
        return False

    def test_links_in_an_endless_mail(self):
        """Whoever writes to any address of the house has the keys of their mail
        masked; a mail of nothing but beginnings holds up no other."""
        text = "/my/access_token" * 20_000
        start = clock.real_perf_counter()
        message = self.env["mail.message"].create(
            {
                "model": "res.partner",
                "res_id": self.env.user.partner_id.id,
                "message_type": "email",
                "body": f"<p>{text} /my/invoices/1?access_token=abcdef</p>",
            }
        )
        self.assertLess(clock.real_perf_counter() - start, 10)
        self.assertIn("access_token=xxx", message.body)
        self.assertNotIn("abcdef", message.body)
