import json

import pytest

from wardkeep.foresight.errors import ForesightEventError
from wardkeep.foresight.events import MapForgotten, MapImported, decode, encode


def test_an_import_is_recorded_with_its_type_and_version() -> None:
    event = MapImported(
        at=1,
        by="os:an",
        source="cmdb",
        part="server",
        items=3,
        added=2,
        changed=1,
        gone=0,
        refused=4,
    )
    assert json.loads(encode(event)) == {
        "type": "MapImported.v1",
        "at": 1,
        "by": "os:an",
        "source": "cmdb",
        "part": "server",
        "items": 3,
        "added": 2,
        "changed": 1,
        "gone": 0,
        "refused": 4,
    }


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"type":"MapImported.v9"}', b"\xff", b'{"type":"MapForgotten.v1","by":"\xff"}'],
)
def test_an_event_of_a_newer_release_or_a_damaged_one_is_said(body: bytes) -> None:
    with pytest.raises(ForesightEventError, match="cannot be read"):
        decode(body)


def test_that_a_source_was_forgotten_is_an_event_of_its_own() -> None:
    event = MapForgotten(at=1, by="os:an", source="care", part="fallback", items=2)
    assert json.loads(encode(event))["type"] == "MapForgotten.v1"
    assert decode(encode(event)) == event
