import json

from wardkeep.foresight.events import MapImported, encode


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
