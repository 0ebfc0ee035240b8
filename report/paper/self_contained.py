"""Clean HTML pages so that showing them fetches nothing.

Allowed content is listed, not forbidden content: a page printed on the server is read
by a program inside the network, which may wait for an answer for ever.
"""

import base64
import re
from urllib.parse import unquote_to_bytes

from lxml import etree, html

# Removed with their content: they load, run, or can be read in several ways.
DROPPED_ELEMENTS = frozenset(
    "applet audio base bgsound embed frame frameset iframe link math meta noembed "
    "noframes noscript object plaintext portal script source svg template textarea "
    "title track video xmp".split()
)
KEPT_ATTRIBUTES = frozenset(
    "abbr align alt bgcolor border cellpadding cellspacing checked class clear color "
    "cols colspan dir face height hspace id lang nowrap rows rowspan rules scope size "
    "span start title type valign value vspace width".split()
)
LINK = re.compile(r"(?:https?:|mailto:|tel:|#)", re.IGNORECASE)
RASTER = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp)(?:;[^,]*)?,", re.IGNORECASE)
DRAWING = re.compile(r"data:image/svg\+xml(;[^,]*)?,(.*)", re.IGNORECASE | re.DOTALL)

CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
CSS_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
CSS_ENDS = re.compile(r"([;{}])")
# An address in a declaration, other than an embedded image or a part of the page.
CSS_LOADS = re.compile(
    r"@import|url\((?!\s*[\"']?\s*(?:data:image/(?:png|jpe?g|gif|webp|bmp)(?:[;,]|$)|#))"
    r"|(?:image|image-set|src|cross-fade|element|expression)\s*\(|behavior|binding|<",
    re.IGNORECASE,
)

DROPPED_SHAPES = frozenset(
    "script foreignObject iframe animate animateMotion animateTransform set handler "
    "listener link audio video feImage".split()
)


def make_self_contained(page, style=""):
    """Return an HTML page without anything that would be fetched to show it.

    Images embedded as data remain; so do links, since nothing follows them.

    :param page: HTML as text
    :param style: CSS to add, instead of fetched style sheets
    """
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True)
    root = html.document_fromstring(str(page).encode(), parser=parser)
    for element in list(root.iter()):
        if not isinstance(element.tag, str):  # a processing instruction
            _drop(element)
        elif element.tag.lower() in DROPPED_ELEMENTS:
            _drop(element)
        else:
            _clean_element(element)
    body = html.tostring(root, encoding="unicode")
    head = f'<meta charset="utf-8"><style>{_clean_css(style)}</style>'
    if "<head>" not in body:
        head = f"<head>{head}</head>"
        body = body.replace("<html>", f"<html>{head}", 1)
    else:
        body = body.replace("<head>", f"<head>{head}", 1)
    return f"<!DOCTYPE html>\n{body}"


def _drop(element):
    """Remove an element with its content, unless it is removed already."""
    if element.getparent() is not None:
        element.drop_tree()


def _clean_element(element):
    if element.tag.lower() == "style":
        element.text = _clean_css(element.text or "")
    source = element.get("src")
    for name, value in element.attrib.items():
        kept = _clean_attribute(element.tag.lower(), name.lower(), value)
        if kept is None:
            del element.attrib[name]
        else:
            element.set(name, kept)
    if element.tag.lower() in ("img", "image") and source and not element.get("src"):
        _drop(element)


def _clean_attribute(tag, name, value):
    """Return the cleaned value of an attribute, None to remove it."""
    if name == "src" and tag == "img":
        return _clean_image(value.strip())
    if name == "style":
        return _clean_css(value)
    is_link = name == "href" and tag == "a" and LINK.match(value.strip())
    if name in KEPT_ATTRIBUTES or is_link:
        # text that looks like an element must not become one for another reader
        return value.replace("<", "").replace(">", "")
    return None


def _clean_image(address):
    """Return an image embedded as data, None for any other."""
    if RASTER.match(address):
        return address.replace("<", "").replace(">", "")
    drawing = DRAWING.fullmatch(address)
    return _clean_drawing(*drawing.groups()) if drawing else None


def _clean_css(css):
    """Return style without the declarations that load something.

    >>> _clean_css("color: red; background: url(https://example.com/a.png)")
    'color: red;'
    """
    plain = CSS_COMMENT.sub(" ", css)
    pieces = CSS_ENDS.split(plain)
    return "".join("" if _loads(piece) else piece for piece in pieces)


def _loads(css):
    return bool(CSS_LOADS.search(css) or CSS_LOADS.search(_read_escapes(css)))


def _read_escapes(css):
    def read(match):
        number, sign = match.groups()
        if sign:
            return sign
        return chr(int(number, 16)) if int(number, 16) < 0x110000 else ""

    return CSS_ESCAPE.sub(read, css)


def _clean_drawing(options, data):
    """Return an SVG image as data, without anything it would fetch; None if it is
    unreadable."""
    content = unquote_to_bytes(data)
    try:
        if (options or "").lower().endswith(";base64"):
            content = base64.b64decode(content)
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(content, parser)
    except (ValueError, etree.XMLSyntaxError):
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        return None
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            _drop_shape(element)
        elif etree.QName(element).localname in DROPPED_SHAPES:
            _drop_shape(element)
        else:
            _clean_shape(element)
    cleaned = base64.b64encode(etree.tostring(root)).decode()
    return f"data:image/svg+xml;base64,{cleaned}"


def _drop_shape(element):
    if element.getparent() is not None:
        element.getparent().remove(element)


def _clean_shape(element):
    if etree.QName(element).localname == "style":
        element.text = _clean_css("".join(element.itertext()))
    for name, value in element.attrib.items():
        local = etree.QName(name).localname.lower()
        is_inside = value.startswith("#") or RASTER.match(value)
        if local in ("href", "src", "base"):
            is_kept = is_inside and local == "href"
        else:
            is_kept = not local.startswith("on") and not _loads(value)
        if not is_kept:
            del element.attrib[name]
