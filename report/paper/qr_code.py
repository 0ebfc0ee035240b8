"""Drawing of QR codes."""

import io

from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.util import MODE_8BIT_BYTE, QRData

# Any mask gives a valid code; finding the best takes five times as long.
MASK = 3
QUIET_ZONE = 4
PIXELS = 4


def draw_qr_code(content):
    """Draw a QR code of level M with its quiet zone of four modules.

    :param content: bytes
    :return: PNG as bytes
    :raise ValueError: the content is too long
    """
    code = QRCode(None, ERROR_CORRECT_M, mask_pattern=MASK, border=QUIET_ZONE)
    code.add_data(QRData(content, MODE_8BIT_BYTE))
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError):
        message = f"{len(content)} bytes are too many for a QR code"
        raise ValueError(message) from None
    rows = code.get_matrix()
    size = len(rows)
    modules = bytes(0 if is_dark else 255 for row in rows for is_dark in row)
    image = Image.frombytes("L", (size, size), modules).convert("1")
    stream = io.BytesIO()
    image.resize([size * PIXELS] * 2, Image.Resampling.NEAREST).save(
        stream, "PNG", compress_level=1
    )
    return stream.getvalue()
