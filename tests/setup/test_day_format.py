from odoo.tests import TransactionCase, tagged

from ...models.setup.day_format import format_day
from ..common import day

SPACE = "\N{NO-BREAK SPACE}"


@tagged("post_install", "-at_install")
class TestDayFormat(TransactionCase):
    """No day can be taken for another: 12/07 is July to a European."""

    def test_languages(self):
        for code in ("fr_FR", "de_DE", "it_IT", "en_GB"):
            self.env["res.lang"]._activate_lang(code)
        for code, on, long, short in (
            ("en_US", "12-07", "7 December 2026", "7 Dec 2026"),
            ("en_GB", "12-07", "7 December 2026", "7 Dec 2026"),
            ("fr_FR", "12-07", "7 décembre 2026", "7 déc. 2026"),
            ("fr_FR", "12-01", "1er décembre 2026", "1er déc. 2026"),
            ("it_IT", "12-01", "1º dicembre 2026", "1º dic 2026"),
            ("de_DE", "12-01", "1. Dezember 2026", "1. Dez. 2026"),
        ):
            with self.subTest(code):
                env = self.env(context={"lang": code})
                # The day is not left at the end of a line.
                for style, text in (("long", long), ("short", short)):
                    written = format_day(env, day(on), style)
                    self.assertEqual(written, text.replace(" ", SPACE, 1))

    def test_no_day(self):
        self.assertEqual(format_day(self.env, False), "")

    def test_pattern_of_ones_own(self):
        self.assertEqual(format_day(self.env, day("12-07"), "MMMM y"), "December 2026")
