from __future__ import annotations

import pytest

from wardkeep.access.errors import UnreadableAccountEventError
from wardkeep.access.events import (
    AccountAdded,
    AccountDisabled,
    AccountEvent,
    PasswordChanged,
    Role,
    decode,
    encode,
)

# Written once, read for ever: never edit these bytes, add another version's below them.
GOLDEN: list[tuple[bytes, AccountEvent]] = [
    (
        (
            b'{"type":"AccountAdded.v1","name":"anna","roles":["ward","it"],'
            b'"password_hash":"$argon2id$x","at":5,"by":"init"}'
        ),
        AccountAdded(
            name="anna",
            roles=(Role.WARD, Role.IT),
            password_hash="$argon2id$x",
            at=5,
            by="init",
        ),
    ),
    (
        b'{"type":"PasswordChanged.v1","name":"anna","password_hash":"h","at":6,"by":"anna"}',
        PasswordChanged(name="anna", password_hash="h", at=6, by="anna"),
    ),
    (
        b'{"type":"AccountDisabled.v1","name":"anna","at":7,"by":"lea"}',
        AccountDisabled(name="anna", at=7, by="lea"),
    ),
]


@pytest.mark.parametrize(("body", "event"), GOLDEN)
def test_an_event_written_by_any_version_reads_for_ever(
    body: bytes, event: AccountEvent
) -> None:
    assert decode(body) == event
    assert decode(encode(event)) == event
    assert encode(event) == encode(decode(body))


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b'{"type":"AccountAdded.v9"}', b'{"type":"AccountDisabled.v1"}', b"\xff"],
)
def test_an_event_that_cannot_be_read_is_named_as_such(body: bytes) -> None:
    with pytest.raises(UnreadableAccountEventError):
        decode(body)
