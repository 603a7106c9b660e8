from __future__ import annotations

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hospital.map.bloodhound_sample import SECRET, files

from wardkeep.hospital.map import bloodhound_items
from wardkeep.hospital.map.bloodhound_items import read_bloodhound
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.machines import Server, Workstations
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.reading import Reading, UnreadableSourceError
from wardkeep.hospital.map.table import TableMapping


def read() -> Reading:
    return read_bloodhound(files(), Known(), TableMapping())


def test_computers_become_machines_and_controllers_are_of_tier_0() -> None:
    machines = [each for each in read().items if not isinstance(each, Account)]
    assert machines == [
        Server(
            id="dc1",
            system="Windows Server 2019 Standard",
            domain="hospital.example",
            note="unit: Domain Controllers",
            tier=0,
        ),
        Server(
            id="db1",
            system="Windows Server 2016 Standard",
            domain="hospital.example",
            note="unit: Machines",
        ),
        Workstations(
            id="pc1",
            system="Windows 10 Enterprise",
            domain="hospital.example",
            note="unit: Machines",
        ),
        Workstations(
            id="pc2",
            system="Windows 11 Enterprise",
            domain="hospital.example",
            note="unit: Machines",
            shared_administrator=False,
        ),
    ]


def test_users_that_matter_stand_alone_and_the_others_by_what_they_administer() -> None:
    domain = "hospital.example"
    accounts = [each for each in read().items if isinstance(each, Account)]
    assert accounts == [
        Account(id=f"adm-an@{domain}", domain=domain, tier=0, sessions=("server:db1",)),
        Account(id=f"jan@{domain}", domain=domain, sessions=("workstations:pc1",)),
        Account(
            id=f"svc-lis@{domain}",
            domain=domain,
            sort="service",
            tier=1,
            administers=("server:db1",),
        ),
        Account(
            id=f"helpdesk@{domain}",
            domain=domain,
            tier=2,
            people=2,
            administers=("workstations:pc1", "workstations:pc2"),
        ),
        Account(id=f"other users of {domain}", domain=domain, people=2),
    ]


def test_what_was_not_taken_is_counted_and_nothing_secret_is_told() -> None:
    told = read()
    assert {each.what: each.count for each in told.left} == {
        "files of sorts that are not read": 1,
        "computers that are disabled or deleted": 1,
        "machines of which nothing tells what they are (name them under [kinds])": 1,
        "trusts of other domains": 1,
        "users that are disabled or deleted": 1,
        "local administrators that are no user or group of the collection": 1,
    }
    assert SECRET.encode() not in msgspec.json.encode(told)


def test_more_rights_than_can_be_told_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bloodhound_items, "MOST_RIGHTS", 0)
    assert "rights to administer beyond 0" in {each.what for each in read().left}


WHOLE = files()


@given(which=st.integers(0, 3), at=st.integers(0, 4_000), put=st.binary(max_size=8))
def test_a_torn_collection_is_read_or_refused(which: int, at: int, put: bytes) -> None:
    name, content = WHOLE[which]
    torn = content[:at] + put + content[at + len(put) :]
    with contextlib.suppress(UnreadableSourceError):
        read_bloodhound(
            [*WHOLE[:which], (name, torn), *WHOLE[which + 1 :]], Known(), TableMapping()
        )
