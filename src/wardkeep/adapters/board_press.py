"""Typesets a board paper: two pages, or none."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import typst

from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.typst_press import load_fonts, pages_of, templates
from wardkeep.adapters.typst_words import translator
from wardkeep.foresight.board.form import board_form
from wardkeep.foresight.board.paper import BoardPaper
from wardkeep.foresight.board.room import ROOMS, Room
from wardkeep.paper.board_form import BoardForm

PAGES = 2


def press_board_paper(paper: BoardPaper, language: str) -> bytes:
    """Return the paper as a PDF of exactly two pages in a language (fr, nl, de, en).

    Lists are cut, and say so, until each page holds. Raises TypesettingError.
    """
    front = _room(lambda room: _form(paper, language, (room, ROOMS[-1]), back=()))
    back = _room(lambda room: _form(paper, language, (ROOMS[-1], room), front=()))
    return _pressed(_form(paper, language, (front, back)))


def _room(form: Callable[[Room], BoardForm]) -> Room:
    """Return the first room with which a page holds beside an empty one."""
    for room in ROOMS:
        if pages_of(_pressed(form(room))) == PAGES:
            return room
    raise TypesettingError("a board paper: its names have no room on two pages")


def _form(
    paper: BoardPaper, language: str, rooms: tuple[Room, Room], **emptied: tuple[()]
) -> BoardForm:
    form = board_form(paper, language, translator(language), rooms)
    return msgspec.structs.replace(form, **emptied)


def _pressed(form: BoardForm) -> bytes:
    compiler = typst.Compiler(
        templates() / "board.typ",
        root=templates(),
        font_paths=load_fonts(),
        sys_inputs={"board": msgspec.json.encode(form).decode()},
    )
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf", pdf_tags=False)
    except typst.TypstError as error:
        raise TypesettingError(f"a board paper: {error.message}") from error
    if warnings or not isinstance(made, bytes):
        raise TypesettingError(
            f"a board paper: {warnings[0].message if warnings else 'no file'}"
        )
    return made
