"""How far a server was asked: nothing is lost by coarse clocks, late commits or crashes."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.fhir_rest.polling import (
    Place,
    begin_of_round,
    has_news,
    known_to,
    moved,
    question,
)
from wardkeep.wire.fhir_rest.search_page import Seen

SECOND = 1_000_000
OVERLAP = 60 * SECOND
NOON = 1_780_000_000 * SECOND
LATEST = NOON + 86_400 * SECOND


def seen(name: str, seconds: int | None = 0) -> Seen:
    return Seen(name, None if seconds is None else NOON + seconds * SECOND)


def test_a_question_asks_for_changes_from_a_moment_on_the_oldest_first() -> None:
    address = question("https://emr.example/r4/", "Observation", NOON, 50)
    assert urlsplit(address).path == "/r4/Observation"
    assert parse_qs(urlsplit(address).query) == {
        "_lastUpdated": ["ge2026-05-28T20:26:40.000Z"],
        "_sort": ["_lastUpdated"],
        "_count": ["50"],
    }


def test_the_first_round_asks_as_far_back_as_the_site_wants() -> None:
    assert begin_of_round(None, OVERLAP, NOON) == NOON
    assert begin_of_round(Place(NOON), OVERLAP, 0) == NOON - OVERLAP


def test_what_the_overlap_brings_again_is_no_news_but_another_version_is() -> None:
    place = moved(None, [seen("Patient/1/1"), seen("Patient/2/1", 5)], 0, OVERLAP, LATEST)
    known = known_to(place)
    assert not has_news([seen("Patient/1/1"), seen("Patient/2/1", 5)], known)
    assert has_news([seen("Patient/1/1"), seen("Patient/2/2", 5)], known)
    assert has_news([seen("")], known)


def test_what_lies_before_the_overlap_need_not_be_remembered() -> None:
    place = moved(None, [seen("Patient/1/1"), seen("Patient/2/1", 61)], 0, OVERLAP, LATEST)
    assert [each.name for each in place.recent] == ["Patient/2/1"]


def test_a_server_that_tells_no_times_is_asked_since_the_same_moment_again() -> None:
    place = moved(None, [seen("Patient/1/1", None)], NOON, OVERLAP, LATEST)
    assert place.newest == NOON
    assert not has_news([seen("Patient/1/1", None)], known_to(place))


def test_a_round_without_anything_leaves_the_place_where_it_is() -> None:
    place = moved(None, [seen("Patient/1/1")], 0, OVERLAP, LATEST)
    assert moved(place, [], 0, OVERLAP, LATEST) == place


def test_one_resource_of_the_year_2099_does_not_silence_the_server() -> None:
    wrong, next_year = seen("Patient/1/1", 2_300_000_000), seen("Patient/2/1", 86_401)
    place = moved(None, [wrong, next_year, seen("Patient/3/1", 5)], 0, OVERLAP, LATEST)
    assert begin_of_round(place, OVERLAP, 0) == NOON + 5 * SECOND - OVERLAP
    assert not has_news([wrong, next_year], known_to(place))
    assert has_news([wrong, seen("Patient/3/2", 9)], known_to(place))


changes = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 600), st.integers(0, 50)), max_size=30
)


@given(changes, st.integers(1, 100))
def test_every_version_is_stored_if_commits_are_late_by_less_than_the_overlap(
    committed: list[tuple[int, int, int]], interval: int
) -> None:
    """A server's changes: (resource, its time, how many seconds later it can be seen)."""
    versions = {seen(f"Patient/{r}/{t}", t): t + late for r, t, late in committed}
    place: Place | None = None
    stored: set[str] = set()
    for clock in range(0, 800, interval):
        since = begin_of_round(place, OVERLAP, NOON)
        page = [v for v, at in versions.items() if at <= clock and (v.changed or 0) >= since]
        if has_news(page, known_to(place)):
            stored |= {each.name for each in page}
        place = moved(place, page, since, OVERLAP, LATEST)
    visible = {v.name for v, at in versions.items() if at <= clock}
    assert visible <= stored | {""}
