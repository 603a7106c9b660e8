from __future__ import annotations

import pytest

from wardkeep.access.errors import UnreadableAccountEventError
from wardkeep.access.events import (
    AccountAdded,
    AccountDisabled,
    AccountEnabled,
    AccountEvent,
    FactorsRemoved,
    PasswordChanged,
    PinSet,
    Role,
    RolesGiven,
    SecurityKeyEnrolled,
    TotpEnrolled,
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
            roles=(Role.NURSE, Role.IT),
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
    (
        (
            b'{"type":"AccountAdded.v2","name":"anna","at":5,"by":"os:root","roles":["physician"],'
            b'"full_name":"Anna J","badge":"4711","language":"fr","activation":"d"}'
        ),
        AccountAdded(
            name="anna",
            roles=(Role.PHYSICIAN,),
            full_name="Anna J",
            badge="4711",
            language="fr",
            activation="d",
            at=5,
            by="os:root",
        ),
    ),
    (
        b'{"type":"RolesGiven.v1","name":"anna","at":8,"by":"lea","roles":["it"]}',
        RolesGiven(name="anna", roles=(Role.IT,), at=8, by="lea"),
    ),
    (
        b'{"type":"PinSet.v1","name":"anna","at":8,"by":"anna","pin_hash":"h"}',
        PinSet(name="anna", pin_hash="h", at=8, by="anna"),
    ),
    (
        b'{"type":"TotpEnrolled.v1","name":"anna","at":8,"by":"anna","secret":"ABCD"}',
        TotpEnrolled(name="anna", secret="ABCD", at=8, by="anna"),
    ),
    (
        (
            b'{"type":"SecurityKeyEnrolled.v1","name":"anna","at":8,"by":"anna",'
            b'"credential":"c","public_key":"p","label":"blue"}'
        ),
        SecurityKeyEnrolled(
            name="anna", credential="c", public_key="p", label="blue", at=8, by="anna"
        ),
    ),
    (
        b'{"type":"FactorsRemoved.v1","name":"anna","at":8,"by":"lea","totp":true}',
        FactorsRemoved(name="anna", totp=True, at=8, by="lea"),
    ),
    (
        b'{"type":"AccountEnabled.v1","name":"anna","at":8,"by":"lea"}',
        AccountEnabled(name="anna", at=8, by="lea"),
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
