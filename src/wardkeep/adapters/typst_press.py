"""Typesets the sheets of a ward with Typst and the shipped fonts, nothing else.

Memory grows with every document typeset in one process: callers give a process few wards.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import msgspec
import typst

from wardkeep.adapters.errors import TypesettingError
from wardkeep.paper.forms import WardPack
from wardkeep.paper.list_forms import KnownPatientCard, ListPack
from wardkeep.paper.recovery_sheet import RecoverySheet

_PREFERENCES = b"/ViewerPreferences<<"
_TRAILER = re.compile(
    rb"trailer\s*<<(?P<entries>/Size \d+/Root (?P<root>\d+) 0 R.*?)>>"
    rb"\s*startxref\s+(?P<table>\d+)\s+%%EOF\s*$",
    re.DOTALL,
)
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[^\W\d_]|%|\d{3}(?!\d))")


class Typeset(msgspec.Struct, frozen=True):
    """A pack as a PDF file and how many pages it has; `sheets` are the same pages as HTML."""

    pdf: bytes
    pages: int
    sheets: tuple[str, ...] = ()


def typeset(pack: WardPack) -> Typeset:
    """Return the pack as PDF; equal packs give equal bytes.

    Raises TypesettingError when the typesetter fails or warns, as of a font that is missing.
    """
    return _pressed("ward.typ", pack, f"ward {pack.ward}")


def typeset_list(pack: ListPack) -> Typeset:
    """Return a list of the house as PDF, in the layout of its kind; as `typeset`."""
    return _pressed(f"{pack.kind}.typ", pack, f"the {pack.kind} pack")


def typeset_card(card: KnownPatientCard) -> Typeset:
    """Return one known-patient card as PDF; as `typeset`."""
    return _pressed("card.typ", card, "a known-patient card")


def _pressed(layout: str, sheets: WardPack | ListPack | KnownPatientCard, name: str) -> Typeset:
    compiler = typst.Compiler(
        templates() / layout,
        root=templates(),
        font_paths=load_fonts(),
        sys_inputs={
            "pack": _with_units_kept(msgspec.json.encode(sheets).decode()),
            # On its own: reading a whole pack a second time for them took 0.03 s.
            "words": _with_units_kept(msgspec.json.encode(sheets.words).decode()),
        },
    )
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf", pdf_tags=False)
    except typst.TypstError as error:
        raise TypesettingError(f"{name}: {error.message}") from error
    if warnings:
        raise TypesettingError(f"{name}: {warnings[0].message}")
    if not isinstance(made, bytes):
        raise TypesettingError(f"{name}: the typesetter returned no file")
    return Typeset(one_sided(made), pages_of(made))


def one_sided(pdf: bytes) -> bytes:
    """Return the file with a request to print on one side only (PDF 2.0, 12.2, Duplex).

    A sheet with two patients on its two sides is filed under one of them. Typst has no such
    setting, so that an update is put behind its file (7.5.6). Raises TypesettingError.
    """
    trailer, root = _TRAILER.search(pdf), None
    if trailer is not None:
        number = trailer["root"].decode()
        root = re.search(
            rf"(?<!\d){number} 0 obj\s*<<(.*?)>>\s*endobj".encode(), pdf, re.DOTALL
        )
    if trailer is None or root is None or _PREFERENCES not in root[1]:
        raise TypesettingError("a pack: the typesetter's file has another form than known")
    preferences = _PREFERENCES + b"/Duplex/Simplex/PrintScaling/None"
    catalogue = root[1].replace(_PREFERENCES, preferences)
    object_ = trailer["root"] + b" 0 obj\n<<" + catalogue + b">>\nendobj\n"
    head = b"xref\n0 1\n0000000000 65535 f\r\n"
    table = head + b"%b 1\n%010d 00000 n\r\n" % (trailer["root"], len(pdf) + 1)
    after = b"trailer\n<<%b/Prev %b>>\nstartxref\n%d\n%%%%EOF" % (
        trailer["entries"],
        trailer["table"],
        len(pdf) + 1 + len(object_),
    )
    return pdf + b"\n" + object_ + table + after


def pages_of(pdf: bytes) -> int:
    """Return how many pages a PDF has that was typeset here."""
    return pdf.count(b"/Type/Page\n") + pdf.count(b"/Type/Page/")


def typeset_recovery(sheet: RecoverySheet) -> bytes:
    """Return one recovery sheet as PDF; raises TypesettingError, which holds no word of it."""
    compiler = typst.Compiler(
        templates() / "recovery.typ",
        root=templates(),
        font_paths=load_fonts(),
        sys_inputs={"sheet": msgspec.json.encode(sheet).decode()},
    )
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf", pdf_tags=False)
    except typst.TypstError as error:
        raise TypesettingError(f"a recovery sheet: {error.message}") from error
    if warnings or not isinstance(made, bytes):
        raise TypesettingError("a recovery sheet: a letter of it has no form in the fonts")
    return made


def _with_units_kept(text: str) -> str:
    """Return the text with no line ending between a number and its unit: "5" is read as 5 g.

    Nor within a number in groups of three: of "20 000" a line would end with 20.
    """
    return _BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", text)


@cache
def load_fonts() -> typst.Fonts:
    """Return the shipped fonts, read once."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[_shipped("fonts")],
    )


def templates() -> Path:
    """Return the folder of the layouts."""
    return _shipped("typesetting")


@cache
def _shipped(folder: str) -> Path:
    # The product runs from files in a virtual environment: the path outlives the context.
    with as_file(files("wardkeep.paper") / folder) as path:
        return path
