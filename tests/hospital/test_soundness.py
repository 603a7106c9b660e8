"""Settings that no server could keep are named, each with its place."""

from __future__ import annotations

import msgspec
import pytest

from wardkeep.hospital.login import Login, SingleSignOn
from wardkeep.hospital.site import Feed, RecordSystem, Rules, Site, Ward
from wardkeep.hospital.soundness import faults

SOUND = Site(name="St. Example", feeds=(Feed(name="adt"), Feed(name="lab", port=2576)))


def test_the_usual_site_is_sound() -> None:
    assert list(faults(SOUND)) == []


def test_any_number_of_fhir_senders_share_the_webs_port() -> None:
    senders = tuple(Feed(name=name, kind="fhir") for name in ("emr", "pharmacy"))
    site = msgspec.structs.replace(SOUND, feeds=(*SOUND.feeds, *senders), web_port=2575)
    assert [fault.path for fault in faults(site)] == [("web_port",)]
    site = msgspec.structs.replace(site, web_port=8443)
    assert list(faults(site)) == []
    assert [feed.name for feed in site.listeners] == ["adt", "lab"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"name": " "}, ("name",)),
        ({"web_port": 65536}, ("web_port",)),
        ({"web_port": -1}, ("web_port",)),
        ({"web_port": 2576}, ("web_port",)),
        (
            {"web_port": 9000, "feeds": (Feed(name="a", port=9000, host="0.0.0.0"),)},
            ("web_port",),
        ),
        ({"web_host": "0.0.0.0"}, ("web_host",)),
        ({"web_host": "wardkeep.example"}, ("web_host",)),
        ({"web_certificate": "web.pem"}, ("web_certificate",)),
        ({"web_name": "192.0.2.1"}, ("web_name",)),
        ({"web_name": "Wardkeep Val"}, ("web_name",)),
        ({"login": Login(lock_after_minutes=31)}, ("login", "lock_after_minutes")),
        (
            {"login": Login(lock_after_minutes=0, end_after_minutes=0)},
            ("login", "end_after_minutes"),
        ),
        (
            {"oidc": SingleSignOn(issuer="http://idp.example", client_id="wardkeep")},
            ("oidc", "issuer"),
        ),
        (
            {"oidc": SingleSignOn(issuer="https://idp.example", client_id="")},
            ("oidc", "client_id"),
        ),
        ({"duplicate_horizon_days": 0}, ("duplicate_horizon_days",)),
        ({"unfinished_bytes_limit": 0}, ("unfinished_bytes_limit",)),
        (
            {"wards": (Ward(code="4B", telephones_tested="1/3/2026"),)},
            ("wards", 0, "telephones_tested"),
        ),
        ({"systems": (RecordSystem(name="PACS", feeds=("pacs",)),)}, ("systems", 0, "feeds")),
        ({"systems": (RecordSystem(name=" "),)}, ("systems", 0, "name")),
        ({"rules": Rules(timezone="Europe/Bruxelles")}, ("rules", "timezone")),
        ({"rules": Rules(timezone="../../etc/passwd")}, ("rules", "timezone")),
        (
            {"rules": Rules(standard_hours={"BID": ("08:00", "24:00")})},
            ("rules", "standard_hours", "BID"),
        ),
        ({"rules": Rules(late_after_minutes=0)}, ("rules", "late_after_minutes")),
        ({"rules": Rules(silent_after_minutes=10)}, ("rules", "silent_after_minutes")),
        ({"rules": Rules(limit_ceiling_minutes=5)}, ("rules", "limit_ceiling_minutes")),
        ({"wards": (Ward(code=""),)}, ("wards", 0, "code")),
        ({"wards": (Ward(code="A"), Ward(code="A"))}, ("wards", 1, "code")),
        ({"feeds": (Feed(name="a b"),)}, ("feeds", 0, "name")),
        ({"feeds": (Feed(name="../x"),)}, ("feeds", 0, "name")),
        ({"feeds": (Feed(name="a", port=70000),)}, ("feeds", 0, "port")),
        ({"feeds": (Feed(name="a", max_message_bytes=0),)}, ("feeds", 0, "max_message_bytes")),
        ({"feeds": (Feed(name="a", allow=("10.0.0.1/8",)),)}, ("feeds", 0, "allow")),
        ({"feeds": (Feed(name="a", tls_key="k"),)}, ("feeds", 0, "tls_certificate")),
        ({"feeds": (Feed(name="a", tls_client_ca="c"),)}, ("feeds", 0, "tls_client_ca")),
        (
            {"feeds": (Feed(name="a", not_fed_wards={"doses": ("ICU",)}),)},
            ("feeds", 0, "not_fed_wards", "doses"),
        ),
        ({"feeds": (Feed(name="a"), Feed(name="a", port=1))}, ("feeds", 1, "name")),
        ({"feeds": (Feed(name="a"), Feed(name="b"))}, ("feeds", 1, "port")),
        ({"feeds": (Feed(name="a", kind="fhir", port=2600),)}, ("feeds", 0, "port")),
        ({"feeds": (Feed(name="a", kind="fhir", host="10.0.0.1"),)}, ("feeds", 0, "host")),
        (
            {"feeds": (Feed(name="a", kind="fhir", application_ack=False),)},
            ("feeds", 0, "application_ack"),
        ),
    ],
)
def test_a_fault_is_named_where_it_stands(
    change: dict[str, object], path: tuple[str | int, ...]
) -> None:
    found = list(faults(msgspec.structs.replace(SOUND, **change)))
    assert [each.path for each in found] == [path]
    assert found[0].text


def test_plain_http_is_kept_to_loopback_and_https_is_not() -> None:
    for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost"):
        assert not list(faults(msgspec.structs.replace(SOUND, web_host=host)))
    open_site = msgspec.structs.replace(
        SOUND, web_host="10.0.0.5", web_certificate="web.pem", web_key="web.key"
    )
    assert not list(faults(open_site))
