"""Events of tokens as the ledger keeps them."""

from __future__ import annotations

import pytest

from wardkeep.tokens.errors import UnreadableTokenEventError
from wardkeep.tokens.events import TokenRevoked, decode, encode


def test_an_event_names_itself_and_its_version() -> None:
    assert encode(TokenRevoked(number=3, at=5, by="x")) == (
        b'{"type":"TokenRevoked.v1","number":3,"at":5,"by":"x"}'
    )


@pytest.mark.parametrize("body", [b"", b"{}", b'{"type":"TokenRevoked.v2","number":1}'])
def test_what_this_version_cannot_read_is_said(body: bytes) -> None:
    with pytest.raises(UnreadableTokenEventError):
        decode(body)
