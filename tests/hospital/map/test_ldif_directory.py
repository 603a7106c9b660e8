"""An export of Active Directory, with the attributes that ldifde writes."""

from __future__ import annotations

import base64

import msgspec
import pytest

from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.ldif_directory import read_ldif
from wardkeep.hospital.map.machines import Server, Workstations
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.reading import UnreadableSourceError
from wardkeep.hospital.map.table import TableMapping

SECRET = "Never-To-Be-Read-1"
DC = "DC=hospital,DC=example"


def sid(number: int) -> str:
    content = bytes([1, 5]) + (5).to_bytes(6, "big")
    content += b"".join(p.to_bytes(4, "little") for p in (21, 100, 200, 300, number))
    return base64.b64encode(content).decode()


def entry(name: str, number: int, *lines: str) -> str:
    return "\n".join([f"dn: {name},{DC}", f"objectSid:: {sid(number)}", *lines, "", ""])


def computer(name: str, number: int, system: str, flags: int, *more: str) -> str:
    classes = [f"objectClass: {each}" for each in ("top", "person", "user", "computer")]
    return entry(
        f"CN={name},OU=Machines",
        number,
        *classes,
        f"dNSHostName: {name}.hospital.example",
        f"operatingSystem: {system}",
        f"userAccountControl: {flags}",
        f"description: {SECRET}",
        *more,
    )


def user(name: str, number: int, *more: str) -> str:
    return entry(
        f"CN={name},OU=People",
        number,
        "objectClass: user",
        f"sAMAccountName: {name}",
        "primaryGroupID: 513",
        f"unicodePwd:: {base64.b64encode(SECRET.encode()).decode()}",
        *more,
    )


EXPORT = "".join(
    [
        computer("DC1", 1000, "Windows Server 2019", 532480),
        computer("PC1", 1001, "Windows 11", 4096, "ms-Mcs-AdmPwdExpirationTime: 1"),
        computer("OLD", 1002, "Windows XP", 4098),
        user("an", 1100),
        user("jan", 1101, "userAccountControl: 512"),
        user("svc", 1102, "servicePrincipalName: lis/db1"),
        entry(
            "CN=Domänen-Admins,CN=Users",
            512,
            "objectClass: group",
            "cn: Domänen-Admins",
            f"member: CN=tier0,CN=Users,{DC}",
        ),
        entry(
            "CN=tier0,CN=Users",
            1200,
            "objectClass: group",
            f"member: CN=an,OU=People,{DC}",
        ),
        entry("CN=printer,CN=Users", 1300, "objectClass: printQueue"),
    ]
)


def test_an_export_becomes_machines_and_accounts_whatever_language_its_groups_speak() -> None:
    read = read_ldif([EXPORT], Known(), TableMapping())
    domain = "hospital.example"
    assert read.items == (
        Server(
            id="dc1",
            system="Windows Server 2019",
            domain=domain,
            note="unit: Machines",
            tier=0,
        ),
        Workstations(
            id="pc1",
            system="Windows 11",
            domain=domain,
            note="unit: Machines",
            shared_administrator=False,
        ),
        Account(id=f"an@{domain}", domain=domain, tier=0),
        Account(id=f"svc@{domain}", domain=domain, sort="service"),
        Account(id=f"other users of {domain}", domain=domain),
    )
    assert {each.what: each.count for each in read.left} == {
        "entries of other classes": 1,
        "computers that are disabled or deleted": 1,
    }
    assert SECRET.encode() not in msgspec.json.encode(read)


def test_an_export_without_an_entry_is_refused() -> None:
    with pytest.raises(UnreadableSourceError, match="no entry"):
        read_ldif(["version: 1\n"], Known(), TableMapping())
