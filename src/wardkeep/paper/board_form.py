"""A board paper as data for its layout: two pages of blocks, all text ready for the page."""

from __future__ import annotations

from typing import Literal

import msgspec


class Column(msgspec.Struct, frozen=True):
    """A column: its heading, how its cells stand, and its share of the width (0: its own)."""

    head: str
    align: Literal["left", "right"]
    share: int


class TableBlock(msgspec.Struct, frozen=True, kw_only=True, tag="table"):
    """A table; the rows at the places of `strong` (from 0) stand in bold."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: tuple[int, ...] = ()
    note: str = ""


class Bar(msgspec.Struct, frozen=True):
    """A bar to `middle` with a line from `low` to `high`, each 0 to 1, and its words."""

    label: str
    low: float
    middle: float
    high: float
    words: str


class BarsBlock(msgspec.Struct, frozen=True, kw_only=True, tag="bars"):
    """Bars below each other."""

    title: str
    bars: tuple[Bar, ...]
    note: str = ""


class WordsBlock(msgspec.Struct, frozen=True, kw_only=True, tag="words"):
    """Sentences: in a frame where they are what the page is for."""

    title: str
    lines: tuple[str, ...]
    framed: bool = False


class Box(msgspec.Struct, frozen=True):
    """A box: its title, its lines, and its share of the width."""

    title: str
    lines: tuple[str, ...]
    share: int


class BoxesBlock(msgspec.Struct, frozen=True, kw_only=True, tag="boxes"):
    """Boxes beside each other."""

    boxes: tuple[Box, ...]


Block = TableBlock | BarsBlock | WordsBlock | BoxesBlock


class BesideBlock(msgspec.Struct, frozen=True, kw_only=True, tag="beside"):
    """Two blocks beside each other."""

    left: Block
    right: Block


class BoardForm(msgspec.Struct, frozen=True, kw_only=True):
    """Two pages. `foot`: of what and when it was made, on both; `pages`: their own number.

    `sizes`: points of the type, of each page.
    """

    language: str
    sizes: tuple[float, float]
    title: str
    hospital: str
    front_title: str
    front: tuple[Block | BesideBlock, ...]
    back_title: str
    back: tuple[Block | BesideBlock, ...]
    foot: tuple[str, ...]
    pages: tuple[str, str]
