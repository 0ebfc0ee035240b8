"""Measure text on paper, in the font that wkhtmltopdf prints.

Helvetica has the widths of Liberation Sans, the font of the sheets.
"""

from functools import lru_cache
from math import ceil

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from odoo.tools import file_path

POINTS_PER_MM = 72 / 25.4


def get_font(text):
    """Return a font with all characters of a text: one built into every reader, else an
    embedded one."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        if "NotoSans" not in pdfmetrics.getRegisteredFontNames():
            path = file_path("web/static/fonts/sign/NotoSans-Reg.ttf")
            pdfmetrics.registerFont(TTFont("NotoSans", path))
        return "NotoSans"
    return "Helvetica"


@lru_cache(maxsize=4096)
def count_lines(text, size, width):
    """Return the number of lines of a text, breaking words longer than a line.

    :param size: of the font, in points
    :param width: in mm
    """
    font, points = get_font(text), width * POINTS_PER_MM
    if "\n" not in text and pdfmetrics.stringWidth(text, font, size) <= points:
        return 1
    return sum(
        max(ceil(pdfmetrics.stringWidth(line, font, size) / points), 1)
        for line in simpleSplit(text, font, size, points)
    )
