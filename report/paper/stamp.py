"""Stamps on printed pages: fold marks, company line, page x / y."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from .typesetting import get_font

WIDTH, HEIGHT = A4
LEFT, RIGHT = 25 * mm, WIDTH - 20 * mm
FONT_SIZE = 7.5
LINE_HEIGHT = 3.3 * mm
# The lowest line within reach of every office printer.
LOWEST = 8 * mm


def make_stamps(count, legal="", folds=(), slips=0):
    """Return a PDF of the stamps of a document of `count` pages.

    :param legal: the company's line; at most two lines are printed
    :param folds: heights of the fold marks in mm from the top of the first page
    :param slips: number of last pages outside of the document: they get no stamp
    """
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, pageCompression=0)
    last = count - slips
    for number in range(1, count + 1):
        canvas.setFillGray(0.35)
        if number == 1:
            _draw_folds(canvas, folds)
        if number <= last:
            page = f"{number} / {last}" if last > 1 else ""
            _draw_foot(canvas, legal, page)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _draw_folds(canvas, folds):
    canvas.setLineWidth(0.25)
    canvas.setStrokeGray(0.5)
    for fold in folds:
        canvas.line(4 * mm, HEIGHT - fold * mm, 9 * mm, HEIGHT - fold * mm)


def _draw_foot(canvas, legal, page):
    font = get_font(legal)
    lines = simpleSplit(legal, font, FONT_SIZE, RIGHT - LEFT - 15 * mm)[:2]
    canvas.setFont(font, FONT_SIZE)
    for place, line in enumerate(reversed(lines)):
        canvas.drawString(LEFT, LOWEST + place * LINE_HEIGHT, line)
    canvas.setFont("Helvetica", 8)
    canvas.drawRightString(RIGHT, LOWEST, page)
