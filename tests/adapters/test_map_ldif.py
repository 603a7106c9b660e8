from pathlib import Path

import pytest

from wardkeep.adapters.map_ldif import ldif_text
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.ldif_directory import read_ldif
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.reading import UnreadableSourceError
from wardkeep.hospital.map.table import TableMapping

# slapcat of OpenLDAP 2.5 over two machines, two people, a group.
SAMPLE = (Path(__file__).parent / "map_samples" / "ldif.ldif").read_bytes()


def test_what_slapcat_wrote_becomes_machines_and_people_without_their_passwords() -> None:
    assert b"userPassword" in SAMPLE
    mapping = TableMapping(kinds={"db*": "server", "ct*": "device"})
    read = read_ldif([ldif_text(SAMPLE)], Known(), mapping)
    assert [each.id for each in read.items] == ["db1", "ct1", "other users of hospital.example"]
    people = read.items[-1]
    assert isinstance(people, Account)
    assert people.people == 2
    assert not read.left


def test_the_text_is_in_utf_8_or_in_utf_16_with_its_mark() -> None:
    assert ldif_text("dn: é".encode("utf-16")) == ldif_text("dn: é".encode()) == "dn: é"
    with pytest.raises(UnreadableSourceError, match="no LDIF in UTF-8"):
        ldif_text("dn: é".encode("cp1252"))
