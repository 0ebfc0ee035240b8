"""What is stamped on printed pages: fold marks, company line, page x / y."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from odoo.tools.pdf import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    PdfReader,
)

from .typesetting import get_font

WIDTH, HEIGHT = A4
LEFT, RIGHT = 25 * mm, WIDTH - 20 * mm
FONT_SIZE = 7.5
LINE_HEIGHT = 3.3 * mm
# The lowest line that every office printer reaches.
LOWEST = 8 * mm
NAME = NameObject("/DunningStamp")


def make_stamps(count, legal="", folds=()):
    """Return the stamps of a document of `count` pages, as pages.

    :param legal: the company's line; at most two lines are printed
    :param folds: heights of the fold marks in mm from the top of the first page
    """
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    for number in range(1, count + 1):
        canvas.setFillGray(0.35)
        if number == 1:
            _draw_folds(canvas, folds)
        page = f"{number} / {count}" if count > 1 else ""
        _draw_foot(canvas, legal, page)
        canvas.showPage()
    canvas.save()
    return PdfReader(stream).pages


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


def add_stamp(page, stamp):
    """Draw a stamp over a page.

    As an object of its own: merging the contents would parse the whole page.
    """
    form = DecodedStreamObject()
    form.set_data(stamp.get_contents().get_data())
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): stamp.mediabox,
            NameObject("/Resources"): stamp["/Resources"],
        }
    )
    resources = page["/Resources"].get_object()
    objects = DictionaryObject(resources.get("/XObject", {}))
    objects[NAME] = form
    resources[NameObject("/XObject")] = objects
    contents = page["/Contents"].get_object()
    contents = contents if isinstance(contents, ArrayObject) else [page["/Contents"]]
    page[NameObject("/Contents")] = ArrayObject(
        [_get_stream(b"q\n"), *contents, _get_stream(b"\nQ q %s Do Q" % NAME.encode())]
    )


def _get_stream(data):
    stream = DecodedStreamObject()
    stream.set_data(data)
    return stream
