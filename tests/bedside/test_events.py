from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.bedside.errors import BedsideEventError
from wardkeep.bedside.events import (
    BedsideChecked,
    BedsideEvent,
    Cause,
    DifferenceSettled,
    FactKind,
    Finding,
    Found,
    decode,
    encode,
)

NUMBERS = st.integers(min_value=0, max_value=2**53)
FOUND = st.builds(
    Found,
    kind=st.sampled_from(FactKind),
    finding=st.sampled_from(Finding),
    bed=st.text(max_size=5),
    feed=st.text(max_size=5),
    entry=NUMBERS,
    recorded=st.booleans(),
)
EVENTS = st.one_of(
    st.builds(
        BedsideChecked,
        check=st.text(max_size=5),
        ward=st.text(max_size=5),
        drawn=NUMBERS,
        found=st.lists(FOUND, max_size=3).map(tuple),
        at=NUMBERS,
        by=st.text(max_size=5),
    ),
    st.builds(
        DifferenceSettled,
        check=st.text(max_size=5),
        place=st.integers(min_value=0, max_value=2),
        cause=st.sampled_from(Cause),
        done=st.text(max_size=5),
        at=NUMBERS,
        by=st.text(max_size=5),
    ),
)


@given(EVENTS)
def test_what_is_written_is_read_again(event: BedsideEvent) -> None:
    assert decode(encode(event)) == event


WRITTEN = (
    (
        b'{"type":"BedsideChecked.v1","at":2,"by":"anna","check":"c","drawn":1,"found":[{"finding":'
        b'"different","kind":"allergies","bed":"12-1","entry":7,"feed":"adt","recorded":false}],'
        b'"ward":"4B"}'
    ),
    (
        b'{"type":"DifferenceSettled.v1","at":3,"by":"ines","cause":"feed","check":"c","done":'
        b'"told the pharmacy","feed":"mar","place":0}'
    ),
)


@pytest.mark.parametrize("body", WRITTEN)
def test_what_this_version_wrote_is_read_for_ever(body: bytes) -> None:
    event = decode(body)
    assert decode(encode(event)) == event
    assert event.at in {2, 3}


@pytest.mark.parametrize("body", [b"", b"{}", b'{"type":"BedsideChecked.v2"}', b"\xff"])
def test_what_another_version_wrote_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(BedsideEventError):
        decode(body)


def test_no_event_has_a_place_for_a_patient() -> None:
    fields = {*Found.__struct_fields__, *BedsideChecked.__struct_fields__}
    assert not fields & {"record", "name", "patient", "value", "note"}
