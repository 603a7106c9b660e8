"""The sheets as HTML say what the PDF says: every word of the same value, and nothing runs."""

import html
import re
from collections.abc import Iterator

import msgspec
import pytest
from tests.pack.handmade import hostile, many_drugs, pack_of, trapped

from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.html_press import press_html
from wardkeep.paper.words import LANGUAGES

# How a sheet is laid out, not what it says: kinds of cells and pairs, labels of other layouts.
_LAYOUT = {"kind", "pair", "language", "built_at", "codes", "words", "span", "split"}
# The ward stands within the ward sheet's title.
_WITHIN = {"ward"}


def said(value: object) -> Iterator[str]:
    """Every text of a pack that a reader is meant to see."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in _LAYOUT | _WITHIN:
                yield from said(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from said(each)
    elif isinstance(value, str) and value:
        yield value


def plain(sheets: list[str]) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", "".join(sheets)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_wards_pack_stands_in_its_html(language: str) -> None:
    pack = pack_of(trapped(), hostile(), many_drugs(), language=language)
    text = plain(press_html(pack))
    assert [each for each in said(msgspec.to_builtins(pack)) if each not in text] == []
    first_codes = [pack.ward_sheet.codes[0][0], *(each.codes[0][0] for each in pack.patients)]
    assert [code for code in first_codes if code not in text] == []


def test_hostile_text_is_text() -> None:
    [ward, sheet] = press_html(pack_of(hostile()))
    for made in (ward, sheet):
        assert "<script" not in made.lower()
        assert "style=" not in made
        tags = set(re.findall(r"</?([a-zA-Z0-9]+)", made))
        assert tags <= {"table", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "b", "s",
                        "span", "div", "h2", "h3", "h4"}  # fmt: skip


def test_every_sheet_repeats_who_and_as_of_when_on_each_printed_page() -> None:
    pack = pack_of(trapped())
    [_, sheet] = press_html(pack)
    heads = re.findall(r'<table class="sheet".*?</thead>', sheet, re.DOTALL)
    assert len(heads) == 2
    for head in heads:
        for told in (pack.patients[0].surname, pack.patients[0].born, "ALLERGIES", "AS OF"):
            assert told in plain([head])


def test_a_layout_that_does_not_fit_the_sheets_is_an_error_and_no_blank() -> None:
    pack = pack_of(trapped())
    words = {name: word for name, word in pack.words.items() if name != "cannot_know"}
    with pytest.raises(TypesettingError):
        press_html(msgspec.structs.replace(pack, words=words))
