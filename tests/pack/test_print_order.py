from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pack.handmade import NOW, order, patient

from wardkeep.hospital.printing import Printer
from wardkeep.hospital.site import Rules, Ward
from wardkeep.kernel.times import HOUR, MINUTE, SECOND
from wardkeep.pack.events import PackPrinted, PrintAccepted, PrintBegun, PrintOrdered
from wardkeep.pack.print_order import (
    COVER_PAGES,
    WardPaper,
    measured_speed,
    next_dose,
    plan,
    speeds_of,
)
from wardkeep.pack.prints import Prints, fold

ROOM = Printer(name="room", uri="cups:room", room=True, pages_a_minute=20)


def on_ward(*wards: str, name: str = "own", speed: int = 20) -> Printer:
    return Printer(name=name, uri=f"cups:{name}", wards=wards, pages_a_minute=speed)


def paper(
    ward: str, due: int | None = None, sheet: int = 2, records: int = 30, site: str = ""
) -> WardPaper:
    return WardPaper(ward=ward, sheet=sheet, records=records, site=site, due=due)


PAPERS = st.lists(
    st.builds(
        WardPaper,
        ward=st.sampled_from([f"W{n}" for n in range(12)]),
        sheet=st.integers(1, 4),
        records=st.integers(0, 200),
        site=st.sampled_from(["N", "S"]),
        due=st.none() | st.integers(0, 10**6),
    ),
    max_size=12,
    unique_by=lambda each: each.ward,
)
PRINTERS = st.lists(
    st.builds(
        Printer,
        name=st.sampled_from(["a", "b", "c", "d"]),
        uri=st.just("cups:q"),
        wards=st.lists(st.sampled_from(["W0", "W1", "W2"]), max_size=3).map(tuple),
        room=st.booleans(),
        site=st.sampled_from(["", "N", "S"]),
        pages_a_minute=st.integers(1, 120),
    ),
    max_size=4,
    unique_by=lambda each: each.name,
)


@given(PAPERS, PRINTERS, st.booleans())
def test_every_ward_is_printed_once_and_whole_or_named_as_without_a_printer(
    papers: list[WardPaper], printers: list[Printer], room_only: bool
) -> None:
    found = plan(papers, printers, speeds_of(printers, {}), room_only=room_only)
    parts = [(step.ward, step.part) for step in found.steps]
    assert len(parts) == len(set(parts))
    for each in papers:
        wanted = {(each.ward, "sheet")} | ({(each.ward, "records")} if each.records else set())
        mine = {part for part in parts if part[0] == each.ward}
        assert mine == (set() if each.ward in found.without else wanted)


@given(PAPERS, PRINTERS, st.booleans())
def test_every_wards_sheet_comes_before_any_patients_sheet_of_its_printer(
    papers: list[WardPaper], printers: list[Printer], room_only: bool
) -> None:
    found = plan(papers, printers, speeds_of(printers, {}), room_only=room_only)
    kinds = [step.part for step in found.steps]
    assert kinds == sorted(kinds, reverse=True)
    due = {each.ward: each.due for each in papers}
    for part in ("sheet", "records"):
        told = [due[step.ward] for step in found.steps if step.part == part]
        known = [at for at in told if at is not None]
        assert known == sorted(known)
        assert told == [*known, *[None] * (len(told) - len(known))]


@given(PAPERS, PRINTERS, st.booleans())
def test_a_printer_prints_one_thing_at_a_time_and_only_for_its_wards(
    papers: list[WardPaper], printers: list[Printer], room_only: bool
) -> None:
    speeds = speeds_of(printers, {})
    found = plan(papers, printers, speeds, room_only=room_only)
    sites = {each.ward: each.site for each in papers}
    by_name = {printer.name: printer for printer in printers}
    for name, printer in by_name.items():
        mine = [step for step in found.steps if step.printer == name]
        assert all(a.ends == b.begins for a, b in pairwise(mine))
        assert not mine or mine[0].begins == 0
        for step in mine:
            assert step.ends - step.begins == pytest.approx(step.pages / speeds[name])
            in_room = printer.room and printer.site in {"", sites[step.ward]}
            assert in_room or (step.ward in printer.wards and not room_only)
    if found.minutes is not None:
        pages = sum(step.pages for step in found.steps)
        assert found.minutes >= pages / sum(speeds.values()) - 1e-6
        assert found.minutes == max(step.ends for step in found.steps)


def test_a_ward_prints_at_home_and_in_the_room_once_the_network_is_gone() -> None:
    printers = [on_ward("4B"), ROOM]
    speeds = speeds_of(printers, {})
    assert {s.printer for s in plan([paper("4B")], printers, speeds).steps} == {"own"}
    alone = plan([paper("4B")], printers, speeds, room_only=True)
    assert {s.printer for s in alone.steps} == {"room"}
    assert [s.pages for s in alone.steps] == [2 + COVER_PAGES, 30]


def test_a_room_of_another_site_prints_nothing_here() -> None:
    other = Printer(name="room", uri="cups:room", room=True, site="N")
    assert plan([paper("4B", site="S")], [other], {"room": 20.0}).without == ("4B",)


def test_the_time_to_the_last_ward_is_that_of_pages_and_printers() -> None:
    wards = [paper(f"W{n}", sheet=2, records=78) for n in range(40)]
    one = plan(wards, [ROOM], {"room": 40.0})
    assert one.minutes == pytest.approx(40 * (80 + COVER_PAGES) / 40)
    assert one.sheets_minutes == pytest.approx(40 * (2 + COVER_PAGES) / 40)
    two = [ROOM, Printer(name="more", uri="cups:more", room=True)]
    both = plan(wards, two, {"room": 40.0, "more": 40.0})
    assert both.minutes == pytest.approx(41, abs=2)


def printed(number: str, sheets: int, seconds: int, by: str = "") -> Prints:
    return fold(
        [
            PrintOrdered(order=number, ward=number, printer="room", at=0, by="maes"),
            PrintBegun(order=number, at=0, generation=1, digest="d", pages=sheets),
            PrintAccepted(order=number, at=0, job=1),
            PackPrinted(order=number, at=seconds * SECOND, sheets=sheets, by=by),
        ]
    )


def test_a_printers_speed_is_what_its_jobs_took() -> None:
    assert measured_speed("room", {}) is None
    assert speeds_of([ROOM], {}) == {"room": 20.0}
    jobs = {**printed("A", 30, 60), **printed("B", 10, 60), **printed("C", 20, 60)}
    assert measured_speed("room", jobs) == pytest.approx(20)
    assert measured_speed("other", jobs) is None


def test_what_a_person_counted_or_a_few_pages_took_says_nothing_of_the_speed() -> None:
    assert measured_speed("room", printed("A", 30, 60, by="maes")) is None
    assert measured_speed("room", printed("A", 2, 60)) is None


def test_the_next_dose_is_the_soonest_of_a_patients_orders() -> None:
    at_20 = next_dose(patient("1", orders=(order("1", "paracetamol"),)), Rules(), None, NOW)
    assert at_20 is not None
    assert NOW < at_20 <= NOW + 24 * HOUR
    assert at_20 % MINUTE == 0


def test_a_site_that_computes_no_due_times_is_printed_ward_by_ward() -> None:
    someone = patient("1", orders=(order("1", "paracetamol"),))
    off = Rules(compute_next_due=False)
    assert next_dose(someone, off, None, NOW) is None
    assert next_dose(someone, Rules(), Ward(code="4B", next_due=False), NOW) is None
    assert [s.ward for s in plan([paper("B"), paper("A")], [ROOM], {"room": 1.0}).steps] == [
        "A",
        "B",
        "A",
        "B",
    ]
