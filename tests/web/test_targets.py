from __future__ import annotations

import pytest
from tests.web.handmade import NOW

from wardkeep.alarm.state import Alarm
from wardkeep.hospital.deliveries import Delivery
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.pack.delivery import HANGS, Got, Standing
from wardkeep.pack.events import MISSING, DeliveriesChecked
from wardkeep.web.targets import (
    FAILING,
    UNSEALED,
    WRONG,
    Known,
    TargetLine,
    TargetState,
    target_lines,
    ward_deliveries,
)

SHARE = Delivery(name="share", path="/mnt/share")
STICK = Delivery(name="stick", path="/mnt/stick", wards=("4B",))


def got(minutes: int) -> Got:
    return Got(1, "a" * 64, NOW - (minutes + 1) * MINUTE, NOW - minutes * MINUTE)


def line(standing: Standing, *alarms: Alarm, delivery: Delivery = SHARE) -> TargetLine:
    known = Known({delivery.name: standing}, {}, alarms)
    (found,) = target_lines([delivery], known, {"4B", "5A"}, NOW)
    return found


FULL = Standing(at=NOW, wards={"4B": got(3), "5A": got(9)})


@pytest.mark.parametrize(
    ("standing", "alarms", "state"),
    [
        (FULL, (), TargetState.GOOD),
        (Standing(), (), TargetState.NEVER),
        (Standing(at=NOW, wards={"4B": got(3)}), (), TargetState.LATE),
        (Standing(at=NOW, wards={"4B": got(3), "5A": got(95)}), (), TargetState.LATE),
        (Standing(at=NOW, failing_since=NOW, tried=NOW, tries=1), (), TargetState.FAILING),
        (FULL, (Alarm(FAILING, "share", NOW, HANGS),), TargetState.HANGS),
        (FULL, (Alarm(FAILING, "other", NOW, HANGS),), TargetState.GOOD),
        (FULL, (Alarm(FAILING, "share", NOW, "full"),), TargetState.GOOD),
        (FULL, (Alarm(WRONG, "share", NOW),), TargetState.WRONG),
        (FULL, (Alarm(WRONG, "other", NOW),), TargetState.GOOD),
        (
            FULL,
            (Alarm(WRONG, "share", NOW), Alarm(FAILING, "share", NOW, HANGS)),
            TargetState.HANGS,
        ),
    ],
)
def test_a_place_is_only_good_where_every_ward_lies_there_and_nothing_fails_or_hangs(
    standing: Standing, alarms: tuple[Alarm, ...], state: TargetState
) -> None:
    assert line(standing, *alarms).state is state


def test_a_place_says_how_old_its_oldest_pack_is_and_when_it_is_tried_again() -> None:
    found = line(FULL)
    assert (found.there, found.oldest, found.again) == (2, NOW - 10 * MINUTE, None)
    failing = Standing(failing_since=NOW - HOUR, tried=NOW, tries=2)
    assert (line(failing).again, line(failing).oldest) == (NOW + MINUTE // 2, None)


def test_a_ward_counts_only_the_places_that_get_it_and_names_where_it_is_missing() -> None:
    lines = [line(FULL), line(Standing(), delivery=STICK)]
    alarms = [Alarm(UNSEALED, "5A", NOW, "no key")]
    found = ward_deliveries(["4B", "5A"], lines, alarms)
    assert (set(found["4B"].there), found["4B"].late) == ({"share", "stick"}, ("stick",))
    assert (set(found["5A"].there), found["5A"].late) == ({"share"}, ())
    assert found["5A"].as_of == NOW - 10 * MINUTE
    assert found["5A"].unsealed == "no key"


def test_a_place_where_a_look_found_wrong_files_is_wrong_at_its_ward_too() -> None:
    look = DeliveriesChecked(target="share", at=NOW, by="w", wards=2, wrong={"5A": MISSING})
    known = Known({"share": FULL}, {}, (), {"share": look})
    (found,) = target_lines([SHARE], known, {"4B", "5A"}, NOW)
    assert (found.state, found.wrong) == (TargetState.WRONG, ("5A",))
    wards = ward_deliveries(["4B", "5A"], [found], [])
    assert (wards["4B"].wrong, wards["5A"].wrong) == ((), ("share",))
