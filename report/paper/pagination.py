"""Split a statement of account into sheets.

Debian's wkhtmltopdf does not repeat the head of a table on the next page, and may leave
a total alone on it. So the rows are split beforehand, by their heights.
"""

from dataclasses import dataclass

# Rows kept together with a total.
COMPANY = 2


@dataclass(frozen=True)
class Block:
    """Rows with a head repeated on each sheet and a foot after the last one.

    Heights in mm.
    """

    head: float
    rows: list
    foot: float

    @property
    def height(self):
        """Return the height of the whole block on one sheet."""
        return self.head + sum(self.rows) + self.foot


def paginate(blocks, first, other, tail=0):
    """Split blocks into sheets.

    A foot, and with the last one the tail of the document, is on the sheet of its last
    rows; a sheet holds at least one row, however high.

    :param first: height of the first sheet, in mm
    :param other: height of the following ones
    :param tail: height of the content after the last block
    :return: one list per sheet of (number of the block, first row, row after the last
        one, whether the foot follows)
    """
    sheets, left = [[]], first
    for number, block in enumerate(blocks):
        foot = block.foot + (tail if block is blocks[-1] else 0)
        start, count = 0, len(block.rows)
        while start < count:
            stop = _fill(block.rows, start, left - block.head, foot)
            if stop == start and (sheets[-1] or left < other):
                sheets.append([])
                left = other
                continue
            stop = max(stop, start + 1)
            is_end = stop == count
            sheets[-1].append((number, start, stop, is_end))
            left -= block.head + sum(block.rows[start:stop]) + is_end * block.foot
            start = stop
    return sheets


def _fill(rows, start, room, foot):
    """Return the row after the last one that fits on a sheet with this room."""
    stop = start
    while stop < len(rows) and rows[stop] <= room:
        room -= rows[stop]
        stop += 1
    if stop == len(rows) and room < foot:  # the foot moves on, with some rows
        stop = max(stop - COMPANY, start)
    return stop
