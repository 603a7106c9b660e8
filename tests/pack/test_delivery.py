import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pack.test_manifest import NOW, manifest, pack

from wardkeep.kernel.times import HOUR, MINUTE, SECOND
from wardkeep.pack.delivery import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    Standing,
    delivered,
    due,
    failed,
    late_wards,
    may_try,
    worth_recording,
)
from wardkeep.pack.manifest import Listed


def sealed_again(each: Listed) -> Listed:
    return msgspec.structs.replace(
        each, html=msgspec.structs.replace(each.html, sha256="f" * 64)
    )


def having(*packs: Listed, counter: int = 5) -> Standing:
    wanted = due(Standing(), manifest(*packs, counter=counter), ())
    assert wanted is not None
    return delivered(Standing(), wanted, NOW)


def test_a_new_target_gets_everything_and_one_that_has_it_nothing() -> None:
    all_of_it = manifest(pack("4B"), pack("5A"))
    wanted = due(Standing(), all_of_it, ())
    assert wanted is not None
    assert [each.ward for each in wanted.packs] == ["4B", "5A"]
    assert due(delivered(Standing(), wanted, NOW), all_of_it, ()) is None


def test_only_the_ward_that_changed_goes_and_its_earlier_pdf_after_it() -> None:
    after = manifest(pack("4B", number=8), pack("5A"), counter=6)
    wanted = due(having(pack("4B"), pack("5A")), after, ())
    assert wanted is not None
    assert [each.ward for each in wanted.packs] == ["4B"]
    assert wanted.goes == (("4B", 7),)


def test_the_same_generation_sealed_again_is_another_file_and_nothing_goes() -> None:
    wanted = due(having(pack("4B")), manifest(sealed_again(pack("4B")), counter=6), ())
    assert wanted is not None
    assert (len(wanted.packs), wanted.goes) == (1, ())


def test_a_target_of_one_ward_gets_no_other_and_hears_of_each_new_list() -> None:
    both = manifest(pack("4B"), pack("5A"))
    wanted = due(Standing(), both, ("5A",))
    assert wanted is not None
    assert [each.ward for each in wanted.packs] == ["5A"]
    standing = delivered(Standing(), wanted, NOW)
    assert due(standing, both, ("5A",)) is None
    newer = due(standing, manifest(pack("4B", number=8), pack("5A"), counter=6), ("5A",))
    assert newer is not None
    assert newer.packs == ()
    assert due(standing, both, ("9Z",)) is None


def test_whoever_asks_for_all_gets_also_what_is_there() -> None:
    both = manifest(pack("4B"), pack("5A"))
    wanted = due(having(pack("4B"), pack("5A")), both, (), every=True)
    assert wanted is not None
    assert len(wanted.packs) == 2


def test_a_target_that_fails_is_tried_after_longer_and_longer_pauses() -> None:
    standing = failed(Standing(), "gone", NOW)
    pauses = []
    for _ in range(12):
        now = standing.tried or 0
        pause = next(
            p for p in range(0, LONGEST_PAUSE + 1, 5 * SECOND) if may_try(standing, now + p)
        )
        pauses.append(pause)
        standing = failed(standing, "still gone", now + pause)
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert max(pauses) == pauses[-1] == LONGEST_PAUSE
    assert standing.failing_since == NOW
    assert may_try(standing, NOW - HOUR), "a clock that was put back keeps nobody waiting"


def test_a_failure_keeps_what_the_target_has_and_a_success_ends_it() -> None:
    before = having(pack("4B"))
    broken = failed(before, "full", NOW)
    assert broken.wards == before.wards
    wanted = due(broken, manifest(pack("4B", number=8), counter=6), ())
    assert wanted is not None
    after = delivered(broken, wanted, NOW + MINUTE)
    assert (after.failing_since, after.why, after.tries) == (None, "", 0)


@pytest.mark.parametrize(
    ("before", "after", "asked", "worth"),
    [
        (Standing(at=NOW), Standing(at=NOW + SECOND), False, False),
        (Standing(at=NOW), Standing(at=NOW + SECOND), True, True),
        (Standing(at=NOW), Standing(at=NOW + HOUR), False, True),
        (Standing(), Standing(at=NOW), False, True),
        (Standing(at=NOW), failed(Standing(at=NOW), "x", NOW), False, True),
        (failed(Standing(), "x", NOW), failed(Standing(), "x", NOW + HOUR), False, False),
        (failed(Standing(at=NOW), "x", NOW), Standing(at=NOW), False, True),
    ],
)
def test_turns_first_ones_of_an_hour_and_what_was_asked_for_are_recorded(
    before: Standing, after: Standing, asked: bool, worth: bool
) -> None:
    assert worth_recording(before, after, asked=asked) is worth


def test_a_ward_that_got_nothing_new_in_time_is_late_and_one_that_never_got_any() -> None:
    standing = having(pack("4B"), pack("5A"))
    assert late_wards(standing, ("4B", "5A"), NOW + 89 * MINUTE, 90 * MINUTE) == {}
    late = late_wards(standing, ("4B", "ICU"), NOW + 90 * MINUTE, 90 * MINUTE)
    assert set(late) == {"4B", "ICU"}
    assert late["ICU"] is None


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 9)), max_size=12))
def test_after_each_delivery_a_target_has_what_the_list_names(
    changes: list[tuple[str, int]],
) -> None:
    packs: dict[str, Listed] = {}
    standing = Standing()
    for counter, (ward, number) in enumerate(changes, 1):
        packs[ward] = pack(ward, number=number * 2)
        listed = manifest(*packs.values(), counter=counter)
        wanted = due(standing, listed, ())
        assert wanted is not None
        standing = delivered(standing, wanted, NOW)
        has = {each: got.sha256 for each, got in standing.wards.items()}
        assert has == {each: packs[each].html.sha256 for each in packs}
        assert due(standing, listed, ()) is None
