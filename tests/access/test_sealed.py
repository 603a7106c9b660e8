from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.access.decide import check_pin
from wardkeep.access.errors import (
    CodeMistypedError,
    CodeRefusedError,
    CodesUnknownError,
    WeakPinError,
)
from wardkeep.access.events import AccessEvent, CodesPrinted, CodesRevoked, CodeUsed, Role
from wardkeep.access.one_time_code import digest_of, one_time_code
from wardkeep.access.sealed import NO_CODES, fold_codes, revoke, use_code

TEXTS = [one_time_code(number) for number in range(1, 4)]
PRINTED = CodesPrinted(
    sheet="7K2M",
    role=Role.LEAD,
    hours=12,
    digests=tuple(map(digest_of, TEXTS)),
    at=5,
    by="os:root",
)
CODES = fold_codes([PRINTED])


def test_a_code_opens_once_for_a_named_person() -> None:
    code, used = use_code(CODES, TEXTS[1].lower(), "  Jan   Peeters ", 9)
    assert (code.name, code.role, used.by) == ("7K2M-02", Role.LEAD, "Jan Peeters")
    after = fold_codes([used], CODES)
    with pytest.raises(CodeRefusedError, match="used already"):
        use_code(after, TEXTS[1], "Jan Peeters", 10)
    assert use_code(after, TEXTS[0], "Jan Peeters", 10)[0].number == 1


@pytest.mark.parametrize("person", ["", "Jo", "x" * 81, "Jan\x07Peeters"])
def test_without_a_persons_name_it_stays_sealed(person: str) -> None:
    with pytest.raises(CodeRefusedError):
        use_code(CODES, TEXTS[0], person, 9)


def test_what_was_never_printed_or_mistyped_opens_nothing() -> None:
    with pytest.raises(CodeRefusedError):
        use_code(CODES, one_time_code(99), "Jan Peeters", 9)
    with pytest.raises(CodeMistypedError):
        use_code(CODES, TEXTS[0][:-1], "Jan Peeters", 9)


def test_a_sheet_is_revoked_in_part_or_whole_and_once() -> None:
    (part,) = revoke(CODES, "7k2m", [2], 9, "os:root")
    assert part.numbers == (2,)
    left = fold_codes([part], CODES)
    (rest,) = revoke(left, "7K2M", [], 10, "os:root")
    assert rest.numbers == (1, 3)
    assert revoke(fold_codes([rest], left), "7K2M", [], 11, "os:root") == []
    for sheet, numbers in (("XXXX", []), ("7K2M", [4])):
        with pytest.raises(CodesUnknownError):
            revoke(CODES, sheet, numbers, 9, "os:root")


EVENTS = st.lists(
    st.one_of(
        st.just(PRINTED),
        st.builds(
            CodeUsed,
            sheet=st.sampled_from(["7K2M", "X"]),
            number=st.integers(0, 4),
            at=st.integers(1, 9),
            by=st.just("Jan"),
        ),
        st.builds(
            CodesRevoked,
            sheet=st.just("7K2M"),
            numbers=st.lists(st.integers(0, 4)).map(tuple),
            at=st.integers(1, 9),
            by=st.just("os:root"),
        ),
    )
)


@given(EVENTS, st.integers(0, 20))
def test_folding_in_two_parts_is_folding_at_once(events: list[AccessEvent], cut: int) -> None:
    parts = fold_codes(events[cut:], fold_codes(events[:cut], NO_CODES))
    assert parts == fold_codes(events)


@pytest.mark.parametrize("pin", ["481516", "90210734", "271828182845"])
def test_a_pin_that_nobody_would_try_first_is_taken(pin: str) -> None:
    check_pin(pin, "4711")


@pytest.mark.parametrize(
    "pin",
    [
        "",
        "12345",
        "1" * 13,
        "abcdef",
        "١٢٣٤٥٦",
        "111111",
        "123456",
        "987654",
        "481481",
        "121212",
        "004711",
    ],
)
def test_a_pin_that_anybody_would_try_first_is_refused(pin: str) -> None:
    with pytest.raises(WeakPinError):
        check_pin(pin, "9004711")
