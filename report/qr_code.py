"""QR codes in bulk.

The library `qrcode` takes 3 ms a code. It gives the layout of each size, once; what
fills it is computed here on whole numbers, in a tenth of the time.
"""

import io
from functools import lru_cache
from itertools import zip_longest

from PIL import Image
from qrcode import LUT, QRCode
from qrcode.base import gexp, glog, rs_blocks
from qrcode.constants import ERROR_CORRECT_M

# Any mask gives a valid code; choosing the best takes five times as long.
MASK = 3
BYTES_MODE = 0b0100
PADDING = b"\xec\x11"
LARGEST = 40
PIXELS = 4


def draw_qr_code(content):
    """Draw a QR code of level M with its quiet zone of four modules.

    :param content: bytes
    :return: PNG as bytes
    :raise ValueError: the content is too long
    """
    modules = get_modules(content)
    size = int(len(modules) ** 0.5)
    image = Image.frombytes("L", (size, size), modules).convert("1")
    stream = io.BytesIO()
    image.resize([size * PIXELS] * 2, Image.Resampling.NEAREST).save(
        stream, "PNG", compress_level=1
    )
    return stream.getvalue()


def get_modules(content):
    """Return the modules of a code, quiet zone included: 0 is dark, 255 is light."""
    version = _get_version(len(content))
    codewords = _get_codewords(content, version)
    empty, places = _get_layout(version)
    modules = bytearray(empty)
    bits = f"{int.from_bytes(codewords):0{8 * len(codewords)}b}"
    for place, bit in zip(places, bits, strict=True):
        if bit == "1":
            modules[place] ^= 255
    return bytes(modules)


def _get_header_size(version):
    """Return the bytes for mode, length and end."""
    return 2 if version < 10 else 3


def _get_capacity(version):
    return sum(block.data_count for block in rs_blocks(version, ERROR_CORRECT_M))


def _get_version(length):
    """Return the smallest size of code that holds this many bytes."""
    for version in range(1, LARGEST + 1):
        if _get_header_size(version) + length <= _get_capacity(version):
            return version
    raise ValueError(f"{length} bytes are too many for a QR code")


def _get_codewords(content, version):
    """Return the content with what corrects errors, in the order of the code."""
    size = _get_header_size(version) + len(content)
    head = BYTES_MODE << 8 * (size - len(content)) - 8 | len(content)
    data = (head << 8 * len(content) | int.from_bytes(content)) << 4
    left = _get_capacity(version) - size
    data = data.to_bytes(size) + (PADDING * left)[:left]
    parts, corrections = [], []
    for block in rs_blocks(version, ERROR_CORRECT_M):
        part, data = data[: block.data_count], data[block.data_count :]
        parts.append(part)
        corrections.append(_get_correction(part, block.total_count - block.data_count))
    return bytes(
        byte
        for kind in (parts, corrections)
        for column in zip_longest(*kind)
        for byte in column
        if byte is not None
    )


def _get_correction(data, degree):
    """Return the rest of the division by the Reed-Solomon polynomial of a degree."""
    products, top = _get_products(degree), 8 * (degree - 1)
    kept, rest = (1 << top) - 1, 0
    for byte in data:
        rest = (rest & kept) << 8 ^ products[byte ^ rest >> top]
    return rest.to_bytes(degree)


@lru_cache
def _get_products(degree):
    """Return the products of each byte and the polynomial, without its first term."""
    logs = [glog(factor) for factor in LUT.rsPoly_LUT[degree][1:]]
    return [0] + [
        int.from_bytes(bytes(gexp(log + glog(byte)) for log in logs))
        for byte in range(1, 256)
    ]


@lru_cache
def _get_layout(version):
    """Return the modules of a code whose bits are all 0, and the places of its bits."""
    count = sum(block.total_count for block in rs_blocks(version, ERROR_CORRECT_M))
    empty, full = (_fill(version, [byte] * count) for byte in (0, 255))
    size = 4 * version + 17
    width = int(len(empty) ** 0.5)
    border = (width - size) // 2
    places = [(row + border) * width + column + border for row, column in _walk(size)]
    return empty, [place for place in places if empty[place] != full[place]]


def _fill(version, codewords):
    code = QRCode(version, ERROR_CORRECT_M, mask_pattern=MASK)
    code.data_cache = codewords
    code.makeImpl(False, MASK)
    return bytes(0 if dark else 255 for row in code.get_matrix() for dark in row)


def _walk(size):
    """Yield (row, column) in the order of a code's bits: up and down, two columns at a
    time, from the right."""
    rows = range(size - 1, -1, -1)
    for right in range(size - 1, 0, -2):
        right -= right <= 6  # the column of the timing pattern
        for row in rows:
            yield row, right
            yield row, right - 1
        rows = rows[::-1]
