"""Measures of text on paper, in the letters that wkhtmltopdf will print.

Helvetica has the widths of the Liberation Sans that the sheets ask for.
"""

from functools import lru_cache
from math import ceil

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from odoo.tools import file_path

POINTS_PER_MM = 72 / 25.4


def get_font(text):
    """Return a font that has the letters of a text: one that every reader knows, else
    one that is embedded."""
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
    """Return how many lines a text takes, words longer than a line being broken.

    :param size: of the letters, in points
    :param width: in mm
    """
    font, points = get_font(text), width * POINTS_PER_MM
    if "\n" not in text and pdfmetrics.stringWidth(text, font, size) <= points:
        return 1
    return sum(
        max(ceil(pdfmetrics.stringWidth(line, font, size) / points), 1)
        for line in simpleSplit(text, font, size, points)
    )
