"""A board paper on paper: two pages whatever stands on it, in four languages."""

from __future__ import annotations

from io import BytesIO

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from tests.foresight.board import papers

from wardkeep.adapters.board_press import press_board_paper
from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.typst_words import translator
from wardkeep.foresight.board import room
from wardkeep.foresight.board.paper import BoardPaper, MapCopy

LANGUAGES = ["fr", "nl", "de", "en"]


def pages(paper: BoardPaper, language: str) -> list[str]:
    made = press_board_paper(paper, language)
    read = PdfReader(BytesIO(made)).pages
    return [" ".join(each.extract_text().split()) for each in read]


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_pages_tell_patients_boxes_and_where_they_are_from(language: str) -> None:
    say = translator(language)
    house = papers.decided([papers.accepted()], [papers.planned()])
    first, second = pages(papers.paper(house=house, before=papers.BEFORE), language)
    assert say("Servers lost") in first
    for title in ("Assumptions that are guesses", "What nobody knows", "Road map by quarter"):
        assert say(title) in second, title
    for each in (first, second):
        assert papers.SOURCE.hospital in each
        assert "0123456789abcdef" in each


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("as_of", "told"),
    [
        ("2026-11-29T12:30:00Z", "A COPY OF THE MAP, as the first server had it at {as_of}."),
        (None, "A COPY OF THE MAP, never copied whole from the first server."),
    ],
)
def test_a_paper_of_a_second_box_says_on_each_page_that_its_map_is_a_copy(
    language: str, as_of: str | None, told: str
) -> None:
    huge = papers.huge("Krankenhausverwaltung")
    source = msgspec.structs.replace(huge.source, map_copy=MapCopy(as_of=as_of))
    found = pages(msgspec.structs.replace(huge, source=source), language)
    before, _, after = translator(language)(told).partition("{as_of}")
    assert len(found) == 2
    for each in found:
        assert before.strip() in each
        assert as_of is None or f"2026 13:30 CET{after}" in each
    first = pages(huge, language)
    assert before.strip() not in " ".join(first)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["Krankenhausverwaltungsgesellschaftsabteilung", "W" * 200, "ein Wort " * 12]
)
def test_sixty_of_everything_with_long_names_stay_two_pages(language: str, name: str) -> None:
    told = pages(papers.huge(name), language)
    assert len(told) == 2
    more = translator(language)("And {count} more that have no room here.")
    for each in told:
        assert more.partition("{count}")[2].strip() in each


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(min_size=1, max_size=60))
def test_hostile_text_moves_nothing_and_is_not_obeyed(name: str) -> None:
    assert len(pages(papers.huge(name), "de")) == 2


def test_markup_stays_text_and_what_moves_text_is_printed_as_a_code() -> None:
    made = papers.drawn(
        [papers.forecast(services=(papers.service(0, "#panic() *Labo* \u202excod"),))]
    )
    told = pages(papers.paper(made), "en")[0]
    assert "#panic() *Labo* [U+202E]xcod" in told


def test_no_paper_is_made_where_nothing_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    from wardkeep.adapters import board_press

    roomy = room.Room(60, 60, 9, 9, 60, 60, 60, 60, 60, 200, 200, 12.0)
    monkeypatch.setattr(board_press, "ROOMS", (roomy,))
    with pytest.raises(TypesettingError, match="no room on two pages"):
        press_board_paper(papers.huge("Krankenhausverwaltung"), "de")
