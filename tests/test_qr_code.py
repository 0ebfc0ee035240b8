import io

import qrcode
import zxingcpp
from PIL import Image

from odoo.tests import BaseCase, tagged

from ..report.qr_code import MASK, draw_qr_code, get_modules

PAYLOAD = "BCD\n002\n1\nSCT\n\nCrédit du Port\nFR7630006000011234567890189\nEUR1\n"


@tagged("post_install", "-at_install")
class TestQrCode(BaseCase):
    """QR codes in bulk: the same as the library's, one by one."""

    def _draw_by_library(self, content):
        code = qrcode.QRCode(
            error_correction=qrcode.constants.ERROR_CORRECT_M, mask_pattern=MASK
        )
        data = qrcode.util.QRData(content, qrcode.util.MODE_8BIT_BYTE)
        code.add_data(data, optimize=0)
        return bytes(0 if dark else 255 for row in code.get_matrix() for dark in row)

    def test_modules_are_those_of_the_library(self):
        """All sizes up to those that a transfer fills, full ones and nearly empty."""
        for length in (0, 1, 14, 15, 26, 42, 62, 84, 106, 122, 123, 180, 181, 213, 331):
            content = bytes(n * 37 % 256 for n in range(length))
            with self.subTest(length=length):
                self.assertEqual(get_modules(content), self._draw_by_library(content))

    def test_code_is_read(self):
        image = Image.open(io.BytesIO(draw_qr_code(PAYLOAD.encode())))
        (code,) = zxingcpp.read_barcodes(image)
        self.assertEqual(code.text, PAYLOAD)
        self.assertEqual(code.ec_level, "M")

    def test_too_much_for_a_code(self):
        with self.assertRaisesRegex(ValueError, "3000 bytes are too many"):
            draw_qr_code(bytes(3000))
