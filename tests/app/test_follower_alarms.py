"""A second box says that its first names other keys of packs than it did."""

import msgspec

from wardkeep.alarm.state import Name
from wardkeep.app.first import First, Following, MapCopied
from wardkeep.app.follower_alarms import alarms_of

FIRST = First(
    name="box-1", code="H", host="10.0.0.1", port=2600, pin="", follower="box-2", since=1
)
SOUND = Following(first=FIRST, at=2, as_of=2, answered=2, silent_since=0, ledgers={})


def test_a_first_that_names_other_keys_is_an_alarm_and_one_that_does_not_is_none() -> None:
    assert alarms_of(SOUND) == {}
    told = "the first names other keys of ward-4B"
    differing = Following(
        first=FIRST, at=2, as_of=2, answered=2, silent_since=0, ledgers={}, pack_keys=told
    )
    assert alarms_of(differing) == {Name("pack-keys-differ", ""): told}


def test_parts_of_the_map_that_are_not_taken_are_an_alarm_with_which_and_why() -> None:
    told = "map/cmdb.server: the first cannot open it"
    lacking = msgspec.structs.replace(SOUND, map=MapCopied(offer="given", trouble=told))
    assert alarms_of(lacking) == {Name("map-not-copied", ""): told}
