from __future__ import annotations

from wardkeep.alarm.events import AlarmCleared, AlarmRaised, decode, encode


def test_an_alarm_of_this_version_is_read_for_ever() -> None:
    raised = AlarmRaised(code="disk-full", subject="", detail="1 byte", since=4, at=5)
    written = (
        b'{"type":"AlarmRaised.v1","code":"disk-full","subject":"","detail":"1 byte",'
        b'"since":4,"at":5}'
    )
    assert encode(raised) == written
    assert decode(written) == raised
    cleared = AlarmCleared(code="disk-full", subject="", at=6)
    assert (
        decode(b'{"type":"AlarmCleared.v1","code":"disk-full","subject":"","at":6}') == cleared
    )
