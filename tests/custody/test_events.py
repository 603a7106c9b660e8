import pytest

from wardkeep.custody.errors import CustodyEventError
from wardkeep.custody.events import (
    CustodyEvent,
    PatientKeyErased,
    RecoveryReplaced,
    ServerKeyMoved,
    ServerKeyRotated,
    decode,
    encode,
)

EVENTS: list[tuple[CustodyEvent, bytes]] = [
    (
        ServerKeyRotated(at=1, by="os:an", files=3),
        b'{"type":"ServerKeyRotated.v1","at":1,"by":"os:an","files":3}',
    ),
    (
        ServerKeyMoved(at=1, by="os:an", before="file", now="usb"),
        b'{"type":"ServerKeyMoved.v1","at":1,"by":"os:an","before":"file","now":"usb"}',
    ),
    (
        PatientKeyErased(at=1, by="os:an", why="request 12"),
        b'{"type":"PatientKeyErased.v1","at":1,"by":"os:an","why":"request 12"}',
    ),
    (
        RecoveryReplaced(at=1, by="x", sheets=3, needed=2, officers=("An",), confirmed=True),
        (
            b'{"type":"RecoveryReplaced.v1","at":1,"by":"x","sheets":3,"needed":2,'
            b'"officers":["An"],"confirmed":true}'
        ),
    ),
]


@pytest.mark.parametrize(("event", "written"), EVENTS)
def test_what_was_written_once_is_read_for_ever(event: CustodyEvent, written: bytes) -> None:
    assert encode(event) == written
    assert decode(written) == event


def test_an_event_of_a_later_version_is_named() -> None:
    with pytest.raises(CustodyEventError):
        decode(b'{"type":"ServerKeyRotated.v9"}')
