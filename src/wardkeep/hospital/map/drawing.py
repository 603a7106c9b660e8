"""Boxes of the map laid out on a picture: columns in lanes, lanes in bands, lines between them.

A band is as wide as a screen of 1024 pixels holds and as high as a landscape page of A4 holds;
on a wider screen the table stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from wardkeep.hospital.map.grouping import Box, Boxed

WIDTH = 1_000
BOX_WIDTH = 220
BOX_HEIGHT = 46
LANES = 4
_LANE = BOX_WIDTH + (WIDTH - LANES * BOX_WIDTH) // (LANES - 1)
_HEAD = 36
_GAP = 8
_ROW = BOX_HEIGHT + _GAP
_ROWS = 10
"""Rows of a band: with its heading 576 of the 718 pixels between the margins of A4 across, so
that the title of the page stands above it."""
_ROWS_WITH_LINES = 24
MOST_LINES = 60
"""More lines than these cannot be followed with the eye (an expert's guess)."""


class PlacedBox(msgspec.Struct, frozen=True):
    """A box and its upper left corner, in pixels of the band."""

    x: int
    y: int
    box: Box


class Heading(msgspec.Struct, frozen=True):
    """The heading of a column over its lanes; `again` where it goes on from before."""

    x: int
    width: int
    column: str
    again: bool


class Line(msgspec.Struct, frozen=True):
    """A line from the right side of a box to the left side of one in a later column.

    `past`: where it passes the columns between (from x to x, at y), in the gap above the row of
    its end, so that no box hides it; None where there are none.
    """

    x: int
    y: int
    to_x: int
    to_y: int
    past: tuple[int, int, int] | None = None

    @property
    def path(self) -> str:
        """The line as SVG writes a path: level at both ends, so that it can be followed."""
        if self.past is None:
            return f"M{self.x} {self.y}{_curve(self.x, self.y, self.to_x, self.to_y)}"
        begin, end, y = self.past
        first = _curve(self.x, self.y, begin, y)
        return f"M{self.x} {self.y}{first}H{end}{_curve(end, y, self.to_x, self.to_y)}"


def _curve(x: int, y: int, to_x: int, to_y: int) -> str:
    middle = (x + to_x) // 2
    return f"C{middle} {y} {middle} {to_y} {to_x} {to_y}"


class Band(msgspec.Struct, frozen=True):
    """One row of columns: a picture of its own, so that no page of paper cuts a box."""

    height: int
    headings: tuple[Heading, ...]
    boxes: tuple[PlacedBox, ...]
    lines: tuple[Line, ...] = ()


class Drawing(msgspec.Struct, frozen=True):
    """The bands, and how many links between boxes are not drawn as lines."""

    bands: tuple[Band, ...]
    not_drawn: int = 0


class _Piece(msgspec.Struct, frozen=True):
    column: str
    again: bool
    boxes: tuple[Box, ...]
    lanes: int


def drawn(found: Boxed, links: Sequence[tuple[str, str]] = ()) -> Drawing:
    """Return the boxes laid out; `links` are pairs of `kind:id`, who needs and what.

    Lines are drawn from a column to later ones, where all stand side by side and the lines are
    few enough to be followed.
    """
    joined = _joined(found, links)
    lines = _lines(found, joined)
    if lines and len(lines) <= MOST_LINES:
        band = _band(list(_pieces(found, _ROWS_WITH_LINES)), _ROWS_WITH_LINES)
        band = msgspec.structs.replace(band, lines=_placed(band, lines))
        return Drawing((band,), len(joined) - len(lines))
    pieces = list(_pieces(found, _ROWS))
    return Drawing(tuple(_band(each, _ROWS) for each in _bands(pieces)), len(joined))


def _joined(found: Boxed, links: Sequence[tuple[str, str]]) -> list[tuple[Box, Box]]:
    of = {member: box for box in found.boxes for member in box.members}
    pairs = ((of.get(one), of.get(other)) for one, other in links)
    both = {(id(a), id(b)): (a, b) for a, b in pairs if a and b and a is not b}
    return list(both.values())


def _lines(found: Boxed, joined: Sequence[tuple[Box, Box]]) -> list[tuple[Box, Box]]:
    """Return what can be drawn as lines: none where a column needs more than its lane."""
    if len(found.columns) > LANES:
        return []
    if any(len(boxes) > _ROWS_WITH_LINES for _, boxes in found.columns):
        return []
    places = {key: place for place, (key, _) in enumerate(found.columns)}
    return [(a, b) for a, b in joined if places[b.column] > places[a.column]]


def _placed(band: Band, lines: Sequence[tuple[Box, Box]]) -> tuple[Line, ...]:
    corners = {id(each.box): each for each in band.boxes}
    found = []
    for one, other in lines:
        a, b = corners[id(one)], corners[id(other)]
        half, end = BOX_HEIGHT // 2, b.x - (_LANE - BOX_WIDTH)
        past = (a.x + _LANE, end, b.y - _GAP // 2) if a.x + _LANE < b.x else None
        found.append(Line(a.x + BOX_WIDTH, a.y + half, b.x, b.y + half, past))
    return tuple(found)


def _pieces(found: Boxed, rows: int) -> Iterator[_Piece]:
    """Yield columns in pieces that fit a band."""
    most = LANES * rows
    for column, boxes in found.columns:
        for start in range(0, len(boxes), most):
            piece = boxes[start : start + most]
            yield _Piece(column, start > 0, piece, -(-len(piece) // rows))


def _bands(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    band: list[_Piece] = []
    for piece in pieces:
        if band and sum(each.lanes for each in band) + piece.lanes > LANES:
            yield band
            band = []
        band.append(piece)
    if band:
        yield band


def _band(pieces: Sequence[_Piece], rows: int) -> Band:
    headings: list[Heading] = []
    boxes: list[PlacedBox] = []
    lane = highest = 0
    for piece in pieces:
        width = piece.lanes * _LANE - (_LANE - BOX_WIDTH)
        headings.append(Heading(lane * _LANE, width, piece.column, piece.again))
        rows_here = min(rows, -(-len(piece.boxes) // piece.lanes))
        highest = max(highest, rows_here)
        for number, box in enumerate(piece.boxes):
            along, down = divmod(number, rows_here)
            boxes.append(PlacedBox((lane + along) * _LANE, _HEAD + down * _ROW, box))
        lane += piece.lanes
    return Band(_HEAD + highest * _ROW, tuple(headings), tuple(boxes))
