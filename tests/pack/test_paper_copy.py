import base64
import contextlib
import enum
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.pack.handmade import (
    NOW,
    SITE,
    dose,
    hostile,
    many_drugs,
    order,
    patient,
    trapped,
    ward_data,
)

from wardkeep.chart.model import OrderState, PatientChart
from wardkeep.kernel.times import DAY, HOUR
from wardkeep.pack.errors import UnreadableCopyError
from wardkeep.pack.paper_copy import (
    AS_ORDERED,
    LARGEST,
    ROOM,
    PaperCopy,
    copy_of,
    fitting,
    pack_copy,
    settings_of,
    unpack_copy,
)

LAYOUT = Path(__file__).with_name("paper_copy_layout.txt")


def copied(chart: PatientChart) -> PaperCopy:
    return copy_of(chart, ward_data(chart), "fr")


@pytest.mark.parametrize("chart", [trapped(), hostile(), patient("1")])
def test_the_codes_of_a_chart_hold_what_its_sheets_are_made_of(chart: PatientChart) -> None:
    packed = fitting(copied(chart), 6_000)
    assert packed is not None
    found = unpack_copy(packed).chart
    assert found.allergies.state is chart.allergies.state
    assert [a.substance for a in found.allergies.items] == [
        a.substance for a in chart.allergies.items
    ]
    stands = [o.order for o in chart.orders if o.state.value is OrderState.ACTIVE]
    assert [o.order for o in found.orders if o.state.value is OrderState.ACTIVE] == stands
    assert [o.dose and o.dose.value for o in found.orders if o.order in stands] == [
        o.dose and o.dose.value for o in chart.orders if o.order in stands
    ]
    recent = [d.at for d in chart.doses if d.at.at >= NOW - DAY]
    assert [d.at for d in found.doses if d.at.at >= NOW - DAY] == recent


def test_a_packed_copy_is_the_same_bytes_when_it_is_packed_again() -> None:
    packed = pack_copy(copied(trapped()))
    assert pack_copy(unpack_copy(packed)) == packed


def test_a_dose_of_its_orders_drug_does_not_tell_it_twice() -> None:
    given_dose = dose("d1", NOW - HOUR, order="o1")
    chart = patient("1", orders=(order("o1", "warfarin"),), doses=(given_dose,))
    same = replace(chart, doses=(replace(given_dose, drug=chart.orders[0].drug.value),))
    packed = fitting(copied(same))
    assert packed is not None
    assert [each.drug for each in unpack_copy(packed).chart.doses] == [AS_ORDERED]


def test_what_has_no_room_is_counted_and_orders_that_stand_stay() -> None:
    chart = trapped()
    whole = fitting(copied(chart), 100_000)
    assert whole is not None
    least = fitting(copied(chart), len(whole) - 1)
    assert least is not None
    told, before = unpack_copy(least), unpack_copy(whole)
    assert told.left_out.results > before.left_out.results
    assert told.left_out.results == sum(len(s.results) for s in chart.results) - sum(
        len(s.results) for s in told.chart.results
    )
    assert told.chart.orders == before.chart.orders
    assert told.chart.allergies == before.chart.allergies


def test_a_chart_that_is_too_large_has_no_copy_rather_than_half_of_one() -> None:
    assert fitting(copied(many_drugs()), 400) is None
    assert fitting(copied(patient("1"))) is not None


def test_a_usual_chart_fits_into_the_codes_of_a_page() -> None:
    packed = fitting(copied(trapped()))
    assert packed is not None
    assert len(packed) <= ROOM


@given(st.binary(max_size=400))
def test_what_is_no_copy_is_refused(wrong: bytes) -> None:
    with pytest.raises(UnreadableCopyError):
        unpack_copy(wrong)


@given(st.data())
def test_a_copy_that_was_altered_is_refused_or_another_copy(data: st.DataObject) -> None:
    packed = bytearray(pack_copy(copied(patient("1"))))
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(UnreadableCopyError):
        assert isinstance(unpack_copy(bytes(packed)), PaperCopy)


def test_a_copy_that_says_it_is_huge_is_not_unpacked() -> None:
    packed = pack_copy(copied(patient("1")))
    huge = packed[:9] + (LARGEST + 1).to_bytes(4, "big") + packed[13:]
    with pytest.raises(UnreadableCopyError, match=str(LARGEST + 1)):
        unpack_copy(huge)


def layout() -> list[str]:
    """Return each class that a copy is made of with its fields or members, in their order."""
    found: dict[str, str] = {}
    seen: set[str] = set()

    def walk(kind: object) -> None:
        for part in getattr(kind, "types", ()):
            walk(part)
        if (item := getattr(kind, "item_type", None)) is not None:
            walk(item)
        told = getattr(kind, "cls", None)
        if told is None or str(told) in seen:
            return
        seen.add(str(told))
        cls = getattr(told, "__origin__", told)
        if issubclass(cls, enum.Enum):
            found[cls.__name__] = " ".join(each.name for each in cls)
            return
        name = cls.__name__
        found[name] = " ".join(cls.__struct_fields__)
        for field in kind.fields:  # type: ignore[attr-defined]
            walk(field.type)

    walk(msgspec.inspect.type_info(PaperCopy))
    return [f"{name}: {parts}" for name, parts in sorted(found.items())]


def test_classes_of_a_copy_only_grew_at_their_end_since_papers_were_printed() -> None:
    printed = dict(line.split(": ") for line in LAYOUT.read_text().splitlines())
    now = dict(line.split(": ") for line in layout())
    for name, parts in printed.items():
        assert now[name].startswith(parts), (
            f"{name}: papers in drawers would be read wrong; put new fields at the end"
        )
    assert now.keys() >= printed.keys()
    assert {"Dose", "Rules", "StreamStatus", "Precision"} <= printed.keys()


def test_the_settings_of_a_ward_go_before_anything_of_a_chart() -> None:
    data = ward_data(patient("1"), site=SITE)
    bare = copy_of(patient("1"), data, "fr")
    whole = copy_of(patient("1"), data, "fr", settings_of(data))
    small, large = pack_copy(bare), pack_copy(whole)
    assert len(small) < len(large) <= len(small) + 120, "some telephones and beds"
    assert fitting(whole, len(large)) == large
    assert fitting(whole, len(large) - 1) == small


def test_codes_that_were_printed_before_they_carried_settings_are_read() -> None:
    copy = unpack_copy(base64.b64decode(BEFORE_SETTINGS))
    assert (copy.chart.record, copy.settings) == ("2", None)
    [ordered] = copy.chart.orders
    assert ordered.drug.value.text == "digoxin"
    assert [item.substance.text for item in copy.chart.allergies.items] == ["latex"]


BEFORE_SETTINGS = (
    "AQAGTGaIdOAAAAABygBJpbY42UrEZ5y/UslQv0GmehBEjPkvuvcdKV3xAJfNpz5fEHo2G1KgItYT"
    "sn1SsN2Zv7s/EDJcnyKZesySxpLFV4JpigLexRjx3Zx7qT3kYr89cCNcAm6frKlE/uUgazNtpaPt"
    "CIJjpAV9VexW59icYGXdj69XifX11KN4ITKYvG6SzCcL50G0lWlCmgo+OR+KBTWxmzu3iDfMZ7qc"
    "77cE3aGwwAvRoGMVNolvNlOkht8/vzYHgxMAvuy8iuuCdErNQXbbjK6yeCJHlEOiNycSGWLK4hvA"
    "/ky314nmjSGpx7slp07PujuCtbW/2uSQDlL7u23L5Ob+6awj7FboYPYfMeDGjxwd535J40YSx+LI"
    "7bKfR9zeRUv6i5Tw"
)
"""A patient of the handmade ward as it was packed on 2026-11-29."""
