import io

import zxingcpp
from PIL import Image

from odoo.tests import BaseCase, tagged

from ...report.paper.qr_code import draw_qr_code

PAYLOAD = "BCD\n002\n1\nSCT\n\nCrédit du Port\nFR7630006000011234567890189\nEUR1\n"


@tagged("post_install", "-at_install")
class TestQrCode(BaseCase):
    """The code of a transfer, as banking apps read it."""

    def _read(self, content):
        image = Image.open(io.BytesIO(draw_qr_code(content)))
        (code,) = zxingcpp.read_barcodes(image)
        return code

    def test_code_is_read(self):
        code = self._read(PAYLOAD.encode())
        self.assertEqual(code.text, PAYLOAD)
        self.assertEqual(code.ec_level, "M")

    def test_code_of_any_size_is_read(self):
        """All sizes up to those that a transfer fills, full ones and nearly empty."""
        for length in (1, 14, 15, 26, 42, 62, 84, 106, 122, 123, 180, 181, 213, 331):
            content = bytes(n * 37 % 256 for n in range(length))
            with self.subTest(length=length):
                self.assertEqual(self._read(content).bytes, content)

    def test_too_much_for_a_code(self):
        with self.assertRaisesRegex(ValueError, "3000 bytes are too many"):
            draw_qr_code(bytes(3000))
