from __future__ import annotations

import pytest
from tests.hospital.map.bloodhound_sample import SECRET, file, files

from wardkeep.hospital.map import bloodhound
from wardkeep.hospital.map.bloodhound import read_collection
from wardkeep.hospital.map.reading import Leftovers, UnreadableSourceError


def test_nodes_are_read_by_sort_and_never_with_what_may_be_a_password() -> None:
    left = Leftovers()
    collection = read_collection(files(), left)
    assert {sort: len(nodes) for sort, nodes in collection.nodes.items()} == {
        "computers": 6,
        "users": 8,
        "groups": 4,
        "domains": 1,
    }
    assert SECRET not in repr(collection)
    assert left.told()[0].named == ("20261129040000_gpos.json (gpos)",)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.json", file("users", version=4), "form 4; \\[5, 6\\] are read"),
        ("a.json", file("gpos"), "none of computers"),
        ("a.json", b'{"meta":{"type":"users"}}', "not the JSON that was expected"),
        ("a.json", b"[" * 100_000, "not the JSON"),
        ("a.json", b'{"x":' * 100_000, "not the JSON"),
    ],
)
def test_what_is_no_collection_is_refused(name: str, content: bytes, says: str) -> None:
    with pytest.raises(UnreadableSourceError, match=says):
        read_collection([(name, content)], Leftovers())


def test_a_collection_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bloodhound, "MOST_NODES", 5)
    with pytest.raises(UnreadableSourceError, match="more than 5 nodes"):
        read_collection(files(), Leftovers())
