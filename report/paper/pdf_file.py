"""Split, stamp and merge a printed PDF as bytes.

A PDF library takes longer to read and write 200 letters than printing them takes. The
files of wkhtmltopdf (Qt) and reportlab are simple: numbered objects and a table of
their offsets. Objects keep their numbers, so that shared ones are copied as they are.
"""

import io
import re
from bisect import bisect_right

from odoo.tools.pdf import PdfReader

REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
HEADER = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


class PdfFile:
    """Objects of a PDF by number; `pages` holds the numbers of its pages."""

    def __init__(self, content):
        reader = PdfReader(io.BytesIO(content))
        root = reader.trailer["/Root"]
        self.pages = [page.idnum for page in root["/Pages"]["/Kids"]]
        self._root = reader.trailer.raw_get("/Root").idnum
        self._tree = root.raw_get("/Pages").idnum
        self._bodies = dict(_slice(content, reader.xref[0]))
        self._last = max(self._bodies)
        self._known = {}

    def get(self, number):
        """Return an object without the content of its stream."""
        return self._bodies[number].partition(b"stream")[0]

    def add(self, body):
        """Add an object; return its number."""
        self._last += 1
        self._bodies[self._last] = body
        return self._last

    def add_stream(self, data, entries=b""):
        """Add a stream; return its number."""
        return self.add(
            b"\n<< %s /Length %d >>\nstream\n%s\nendstream\n"
            % (entries, len(data), data)
        )

    def append(self, other):
        """Add the pages of another file."""
        numbers = self._take(other)
        self.pages += [numbers[page] for page in other.pages]

    def add_forms(self, other):
        """Take the pages of another file as forms, to be drawn on pages of this one.

        :return: the numbers of the forms
        """
        numbers = self._take(other)
        return [self._add_form(numbers[page]) for page in other.pages]

    def _take(self, other):
        """Add the objects of another file; its root and tree are replaced by this
        file's.

        :return: {number there: number here}
        """
        numbers = {number: self._last + number for number in other._bodies}
        numbers |= {other._root: self._root, other._tree: self._tree}
        for number in other._bodies.keys() - {other._root, other._tree}:
            head, stream, data = other._bodies[number].partition(b"stream")
            head = REFERENCE.sub(lambda m: b"%d 0 R" % numbers[int(m[1])], head)
            self._bodies[numbers[number]] = head + stream + data
        self._last += other._last
        return numbers

    def _add_form(self, page):
        (contents,) = self._find(page, b"/Contents")
        (fonts,) = self._find(page, b"/Font")
        data = self._bodies[contents].partition(b"stream")[2]
        data = data.rpartition(b"endstream")[0].strip(b"\r\n")
        box = re.search(rb"/MediaBox (\[.*?\])", self.get(page))[1]
        return self.add_stream(
            data,
            b"/Type /XObject /Subtype /Form /BBox %s /Resources << /Font %d 0 R >>"
            % (box, fonts),
        )

    def draw(self, page, form):
        """Draw a form over a page."""
        name = b"/Stamp%d" % form
        (contents,) = self._find(page, b"/Contents")
        (resources,) = self._find(page, b"/Resources")
        before, after = self.add_stream(b"q"), self.add_stream(b"Q q %s Do Q" % name)
        entry = b"/XObject << %s %d 0 R " % (name, form)
        body = self.get(resources)
        if b"/XObject <<" in body:
            body = body.replace(b"/XObject <<", entry, 1)
        else:
            body = body.replace(b"<<", b"<< %s >>" % entry, 1)
        self._bodies[page] = (
            self.get(page)
            .replace(
                b"/Contents %d 0 R" % contents,
                b"/Contents [%d 0 R %d 0 R %d 0 R]" % (before, contents, after),
            )
            .replace(
                b"/Resources %d 0 R" % resources, b"/Resources %d 0 R" % self.add(body)
            )
        )

    def find_images(self, page):
        """Return the (width, height) in pixels of the images on a page, as text."""
        (resources,) = self._find(page, b"/Resources")
        images = re.search(rb"/XObject <<(.*?)>>", self.get(resources), re.DOTALL)
        numbers = REFERENCE.findall(images[1]) if images else []
        heads = [self.get(int(number)) for number in numbers]
        return [
            tuple(int(size) for size in re.findall(rb"/(?:Width|Height) (\d+)", head))
            for head in heads
        ]

    def bind(self, pages):
        """Return a PDF of some pages.

        :param pages: their numbers
        """
        bodies = {number: self._bodies[number] for number in self._collect(pages)}
        kids = b" ".join(b"%d 0 R" % page for page in pages)
        tree = b"\n<< /Type /Pages /Count %d /Kids [%s] >>\n" % (len(pages), kids)
        bodies[self._tree] = tree
        bodies[self._root] = b"\n<< /Type /Catalog /Pages %d 0 R >>\n" % self._tree
        return _write(bodies, self._root)

    def _collect(self, numbers):
        """Return the numbers of these objects and of all objects they need."""
        found, left = set(), list(numbers)
        while left:
            number = left.pop()
            if number not in found:
                found.add(number)
                left += self._get_references(number)
        return found

    def _get_references(self, number):
        if number not in self._known:
            found = {int(match) for match in REFERENCE.findall(self.get(number))}
            self._known[number] = found - {self._tree, self._root}
        return self._known[number]

    def _find(self, number, key):
        """Return the numbers of the objects under a key of an object."""
        return [
            int(match) for match in re.findall(key + rb" (\d+) 0 R", self.get(number))
        ]


def _slice(content, offsets):
    """Yield (number, content between `obj` and `endobj`)."""
    table = content.rindex(b"xref", 0, content.rindex(b"startxref"))
    ends = sorted([*offsets.values(), table])
    for number, offset in offsets.items():
        text = content[offset : ends[bisect_right(ends, offset)]]
        yield number, text.partition(b"obj")[2].rpartition(b"endobj")[0]


def _write(bodies, root):
    """Write objects and the table of their offsets."""
    parts, table, place, last = [HEADER], [], len(HEADER), None
    for number in sorted(bodies):
        part = b"%d 0 obj%sendobj\n" % (number, bodies[number])
        if number - 1 != last:
            table.append([number, []])
        table[-1][1].append(b"%010d 00000 n \n" % place)
        parts.append(part)
        place, last = place + len(part), number
    parts.append(b"xref\n0 1\n0000000000 65535 f \n")
    for first, entries in table:
        parts += [b"%d %d\n" % (first, len(entries)), *entries]
    parts.append(
        b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (last + 1, root, place)
    )
    return b"".join(parts)
