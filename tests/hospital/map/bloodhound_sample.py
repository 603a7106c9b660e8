"""A small directory as a collector of BloodHound Community Edition writes it, form 6.

`.venv/bin/python -m tests.hospital.map.bloodhound_sample` writes the zip file of the tests.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

DOMAIN = "HOSPITAL.EXAMPLE"
SID = "S-1-5-21-100-200-300"
SECRET = "Never-To-Be-Read-1"
ZIP = Path(__file__).parent.parent.parent / "adapters" / "map_samples" / "bloodhound.zip"


def of(number: int) -> str:
    return f"{SID}-{number}"


def computer(
    number: int, name: str, system: str, *, group: int = 515, enabled: bool = True
) -> dict[str, Any]:
    unit = "Domain Controllers" if group == 516 else "Machines"
    return {
        "Properties": {
            "domain": DOMAIN,
            "name": f"{name}.{DOMAIN}",
            "distinguishedname": f"CN={name},OU={unit},DC=HOSPITAL,DC=EXAMPLE",
            "domainsid": SID,
            "samaccountname": f"{name}$",
            "haslaps": name == "PC2",
            "description": f"password {SECRET}",
            "enabled": enabled,
            "operatingsystem": system,
            "serviceprincipalnames": [f"HOST/{name}"],
        },
        "PrimaryGroupSID": of(group),
        "AllowedToDelegate": [],
        "AllowedToAct": [],
        "Sessions": answered([]),
        "PrivilegedSessions": answered([]),
        "RegistrySessions": {"Results": [], "Collected": False, "FailureReason": "Timeout"},
        "LocalGroups": [],
        "UserRights": [],
        "Status": None,
        "IsDeleted": False,
        "IsACLProtected": False,
        "ObjectIdentifier": of(number),
        "Aces": [{"PrincipalSID": of(512), "PrincipalType": "Group", "RightName": "Owns"}],
    }


def answered(results: list[dict[str, str]]) -> dict[str, Any]:
    return {"Results": results, "Collected": True, "FailureReason": None}


def session(user: int, on: int) -> dict[str, str]:
    return {"UserSID": of(user), "ComputerSID": of(on)}


def administrators(machine: str, *members: str) -> list[dict[str, Any]]:
    results = [{"ObjectIdentifier": each, "ObjectType": "Group"} for each in members]
    named = f"ADMINISTRATORS@{machine}.{DOMAIN}"
    group = {"ObjectIdentifier": f"S-1-5-21-9-9-9-{machine}-544", "Name": named}
    return [group | answered(results) | {"LocalNames": []}]


def user(number: int, name: str, *, spn: bool = False, enabled: bool = True) -> dict[str, Any]:
    return {
        "Properties": {
            "domain": DOMAIN,
            "name": f"{name}@{DOMAIN}",
            "enabled": enabled,
            "hasspn": spn,
            "description": f"password {SECRET}",
            "userpassword": SECRET,
            "unixpassword": SECRET,
        },
        "PrimaryGroupSID": of(513),
        "SPNTargets": [],
        "ObjectIdentifier": of(number),
        "IsDeleted": False,
        "Aces": [],
    }


def group(number: int, name: str, *members: int) -> dict[str, Any]:
    return {
        "Properties": {"domain": DOMAIN, "name": f"{name}@{DOMAIN}", "admincount": False},
        "Members": [{"ObjectIdentifier": of(each), "ObjectType": "User"} for each in members],
        "ObjectIdentifier": of(number),
        "Aces": [],
    }


def nodes() -> dict[str, list[dict[str, Any]]]:
    dc, db, pc1, pc2 = (
        computer(1000, "DC1", "Windows Server 2019 Standard", group=516),
        computer(1001, "DB1", "Windows Server 2016 Standard"),
        computer(1002, "PC1", "Windows 10 Enterprise"),
        computer(1003, "PC2", "Windows 11 Enterprise"),
    )
    db["Sessions"] = answered([session(1100, 1001)])
    pc1["PrivilegedSessions"] = answered([session(1101, 1002)])
    db["LocalGroups"] = administrators("DB1", of(512), of(1203), "S-1-5-21-7-7-7-500")
    pc1["LocalGroups"] = administrators("PC1", of(512), of(1201))
    pc2["LocalGroups"] = administrators("PC2", of(1201))
    return {
        "computers": [
            dc,
            db,
            pc1,
            pc2,
            computer(1004, "OLD", "Windows XP", enabled=False),
            computer(1005, "BOX", "unknown"),
        ],
        "users": [
            user(1100, "ADM-AN"),
            user(1101, "JAN"),
            user(1102, "HELP1"),
            user(1103, "HELP2"),
            user(1104, "NURSE1"),
            user(1105, "NURSE2"),
            user(1106, "SVC-LIS", spn=True),
            user(1107, "GONE", enabled=False),
        ],
        "groups": [
            group(512, "DOMAIN ADMINS", 1202),
            group(1202, "TIER0", 1100, 512),  # in a circle, as real directories have it
            group(1201, "HELPDESK", 1102, 1103),
            group(1203, "LIS", 1106),
        ],
        "domains": [
            {
                "Properties": {"name": DOMAIN, "domain": DOMAIN},
                "Trusts": [{"TargetDomainName": "UNI.EXAMPLE", "TrustDirection": "Inbound"}],
                "ObjectIdentifier": SID,
            }
        ],
        "gpos": [{"ObjectIdentifier": "A", "Properties": {"name": "GPO"}}],
    }


def file(sort: str, version: int = 6) -> bytes:
    data = nodes()[sort]
    meta = {"methods": 0, "type": sort, "count": len(data), "version": version}
    return json.dumps({"data": data, "meta": meta}).encode("utf-8-sig")


def files() -> list[tuple[str, bytes]]:
    return [(f"20261129040000_{sort}.json", file(sort)) for sort in nodes()]


if __name__ == "__main__":
    with zipfile.ZipFile(ZIP, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 29, 4, 0, 0)), content)
