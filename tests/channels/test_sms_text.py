from odoo.tests import BaseCase, tagged

from ...models.message.sms_text import get_sms_size, to_sms_text


@tagged("post_install", "-at_install")
class TestSmsText(BaseCase):
    """How long a text message is, as the network counts it."""

    def test_parts(self):
        """One part up to 160 characters of the GSM alphabet, 70 of any other; then 153
        and 67 a part. Brackets, braces and the euro sign count twice."""
        for text, encoding, length, parts in (
            ("", "GSM-7", 0, 1),
            ("a" * 160, "GSM-7", 160, 1),
            ("a" * 161, "GSM-7", 161, 2),
            ("a" * 306, "GSM-7", 306, 2),
            ("a" * 307, "GSM-7", 307, 3),
            ("é" * 160, "GSM-7", 160, 1),
            ("€" * 80, "GSM-7", 160, 1),
            ("[" * 81, "GSM-7", 162, 2),
            ("ê" * 70, "UCS-2", 70, 1),
            ("ê" * 71, "UCS-2", 71, 2),
            ("a" * 134 + "ç", "UCS-2", 135, 3),
            ("😀" * 35, "UCS-2", 70, 1),
        ):
            with self.subTest(text=text[:1], length=length):
                self.assertEqual(tuple(get_sms_size(text)), (encoding, length, parts))

    def test_no_character_is_cut_in_two(self):
        """The euro sign that would begin at the end of a part moves to the next."""
        self.assertEqual(get_sms_size("a" * 152 + "€" + "a" * 152).parts, 3)
        self.assertEqual(get_sms_size("a" * 306).parts, 2)
        self.assertEqual(get_sms_size("ê" * 66 + "😀" + "ê" * 66).parts, 3)

    def test_typesetting_does_not_double_the_price(self):
        """French amounts are set with narrow spaces, texts with curly quotes."""
        text = to_sms_text("D’ici là : 1\u202f250,00\xa0€ – « merci »…  \n  Azur")
        self.assertEqual(text, 'D\'ici là : 1 250,00 € - " merci "...\nAzur')
        self.assertEqual(get_sms_size(text).encoding, "GSM-7")
