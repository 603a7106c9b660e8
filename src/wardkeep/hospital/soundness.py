"""What a site's settings must keep beyond their types; each fault says where it stands."""

from __future__ import annotations

import ipaddress
import re
import zoneinfo
from collections import Counter
from collections.abc import Iterator
from datetime import date

import msgspec

from wardkeep.hospital.deliveries import delivery_faults
from wardkeep.hospital.lists import list_faults
from wardkeep.hospital.login import Login, SingleSignOn
from wardkeep.hospital.loopback import is_loopback
from wardkeep.hospital.own_name import name_faults
from wardkeep.hospital.polls import poll_faults
from wardkeep.hospital.printing import printing_faults
from wardkeep.hospital.reach import is_any
from wardkeep.hospital.site import Brake, Feed, Keys, Rules, Site
from wardkeep.hospital.streams import Stream

# RFC 6335, 6: ports are 16 bits. 0 asks the system for a free one, which tests and drills use.
_PORTS = range(65536)
# Names stand in file names, log lines and headers: nothing that needs quoting anywhere.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
# RFC 1123 2.1; an address is no name, and no security key can be bound to one (WebAuthn 5.1.3).
_HOST = re.compile(r"(?!.*[.-]{2})(?!-)(?=.*[a-z])[a-z0-9.-]{1,253}(?<![.-])")
_STICK = re.compile(r"(?:LABEL|UUID)=[A-Za-z0-9_.-]{1,64}|/[^\0]{1,1023}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Fault(msgspec.Struct, frozen=True):
    """One thing that cannot stand. `path` leads to it, as in ("feeds", 0, "port")."""

    path: tuple[str | int, ...]
    text: str


def faults(site: Site) -> Iterator[Fault]:
    """Yield everything in `site` that a server could not keep, in the order of the settings."""
    if not site.name.strip():
        yield Fault(("name",), "a site needs a name")
    yield from _web_faults(site)
    yield from _rule_faults(site.rules)
    yield from _login_faults(site.login)
    yield from _oidc_faults(site.oidc)
    yield from _key_faults(site.keys)
    yield from _retention_faults(site)
    yield from _copies_faults(site)
    yield from _brake_faults(site.brake)
    if site.disk_reserve_bytes < 0:
        yield Fault(("disk_reserve_bytes",), "the reserve is zero or more bytes")
    yield from _backup_faults(site)
    yield from (Fault(("own_name", key), text) for key, text in name_faults(site.own_name))
    for index, feed in enumerate(site.feeds):
        yield from _feed_faults(("feeds", index), feed)
    yield from _twice("feeds", "name", [feed.name for feed in site.feeds])
    yield from _one_port_twice(site.feeds)
    for index, poll in enumerate(site.polls):
        fhir = [feed.name for feed in site.feeds if feed.kind == "fhir"]
        for each in poll_faults(poll, fhir):
            yield Fault(("polls", index, each.key), each.text)
    yield from _delivery_faults(site)
    yield from _one_port_for_two(site)
    yield from _ward_faults(site)
    yield from _system_faults(site)
    yield from _printing_faults(site)


def _ward_faults(site: Site) -> Iterator[Fault]:
    yield from _twice("wards", "code", [ward.code for ward in site.wards])
    for index, ward in enumerate(site.wards):
        if not ward.code.strip():
            yield Fault(("wards", index, "code"), "a ward needs its code (PV1-3.1)")
        if ward.telephones_tested and not _is_day(ward.telephones_tested):
            text = f"{ward.telephones_tested!r} is not a day (YYYY-MM-DD)"
            yield Fault(("wards", index, "telephones_tested"), text)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _system_faults(site: Site) -> Iterator[Fault]:
    feeds = {feed.name for feed in site.feeds}
    for index, system in enumerate(site.systems):
        if not system.name.strip():
            yield Fault(("systems", index, "name"), "a system needs its name")
        for name in (each for each in system.feeds if each not in feeds):
            yield Fault(("systems", index, "feeds"), f"there is no feed {name!r}")
    yield from _twice("systems", "name", [system.name for system in site.systems])


def _delivery_faults(site: Site) -> Iterator[Fault]:
    for index, delivery in enumerate(site.deliveries):
        for each in delivery_faults(delivery):
            yield Fault(("deliveries", index, each.key), each.text)
    yield from _twice("deliveries", "name", [each.name for each in site.deliveries])


def _web_faults(site: Site) -> Iterator[Fault]:
    if site.web_port not in _PORTS:
        yield Fault(("web_port",), f"{site.web_port} is not a port (0 to 65535)")
    if (site.web_certificate is None) != (site.web_key is None):
        yield Fault(("web_certificate",), "web_certificate and web_key go together")
    elif site.web_certificate is None and not is_loopback(site.web_host):
        yield Fault(
            ("web_host",),
            f"plain HTTP is for loopback only, and {site.web_host} is not: "
            "give web_certificate and web_key",
        )
    if site.web_name and not _HOST.fullmatch(site.web_name):
        yield Fault(
            ("web_name",),
            f"{site.web_name!r} is no host name: small letters, digits, hyphens, dots",
        )
    if site.duplicate_horizon_days < 1:
        yield Fault(("duplicate_horizon_days",), "the horizon is at least one day")
    if site.unfinished_bytes_limit < 1:
        yield Fault(("unfinished_bytes_limit",), "the limit is at least one byte")


def _printing_faults(site: Site) -> Iterator[Fault]:
    for found in printing_faults(site.printers, site.printing, site.proof):
        yield Fault(found.path, found.text)
    for key, text in list_faults(site.lists):
        yield Fault(("lists", key), text)


def _one_port_twice(feeds: tuple[Feed, ...]) -> Iterator[Fault]:
    seen: set[tuple[str, int]] = set()
    for index, feed in enumerate(feeds):
        if feed.kind == "fhir" or not feed.port:
            continue
        if (feed.host, feed.port) in seen:
            yield Fault(("feeds", index, "port"), f"'{feed.host}:{feed.port}' stands twice")
        seen.add((feed.host, feed.port))


def _key_faults(keys: Keys) -> Iterator[Fault]:
    if not _STICK.fullmatch(keys.usb):
        text = f"{keys.usb!r} is no stick: LABEL=name, UUID=number or an absolute path"
        yield Fault(("keys", "usb"), text)
    if not keys.credential_file.startswith("/"):
        yield Fault(("keys", "credential_file"), "an absolute path is needed")


def _retention_faults(site: Site) -> Iterator[Fault]:
    kept = site.retention
    if kept.clinical_days <= site.duplicate_horizon_days:
        text = (
            f"{kept.clinical_days} days are too few: repeats are looked for in"
            f" {site.duplicate_horizon_days} days and today (duplicate_horizon_days)"
        )
        yield Fault(("retention", "clinical_days"), text)
    for name in ("access_months", "digest_months"):
        if getattr(kept, name) < 1:
            yield Fault(("retention", name), "at least one month is kept")


def _copies_faults(site: Site) -> Iterator[Fault]:
    copies = site.copies
    if copies is None:
        return
    if copies.port not in _PORTS:
        yield Fault(("copies", "port"), f"{copies.port} is not a port (0 to 65535)")
    elif copies.port == site.web_port != 0 and _meet(copies.host, site.web_host):
        text = f"the web and the followers both want port {copies.port}"
        yield Fault(("copies", "port"), text)


def _brake_faults(brake: Brake) -> Iterator[Fault]:
    for key in msgspec.structs.asdict(brake):
        if getattr(brake, key) < 1:
            yield Fault(("brake", key), "at least 1 is needed; 101 per cent never holds")
    if brake.slow_hours * 60 <= brake.window_minutes:
        yield Fault(("brake", "slow_hours"), "slow_hours must be longer than window_minutes")


def _backup_faults(site: Site) -> Iterator[Fault]:
    backup = site.backup
    for name in ("keep_hourly", "keep_daily", "late_after_hours"):
        if getattr(backup, name) < 1:
            yield Fault(("backup", name), "at least 1")
    if backup.keep_daily > site.retention.clinical_days:
        text = (
            f"backups would keep days for {backup.keep_daily} days that are erased here after"
            f" {site.retention.clinical_days} (retention.clinical_days)"
        )
        yield Fault(("backup", "keep_daily"), text)


def _one_port_for_two(site: Site) -> Iterator[Fault]:
    """Yield a fault for each feed that would listen where the web listens."""
    for feed in site.listeners:
        if feed.port == site.web_port != 0 and _meet(feed.host, site.web_host):
            text = f"the web and the feed {feed.name} both want port {feed.port}"
            yield Fault(("web_port",), text)


def _meet(one: str, other: str) -> bool:
    """Tell whether two addresses to listen on share one of the machine's."""
    hosts = {"127.0.0.1" if host == "localhost" else host for host in (one, other)}
    return len(hosts) == 1 or any(is_any(host) for host in hosts)


def _rule_faults(rules: Rules) -> Iterator[Fault]:
    try:
        zoneinfo.ZoneInfo(rules.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        yield Fault(
            ("rules", "timezone"), f"no such time zone as {rules.timezone!r} (IANA names)"
        )
    for pattern, hours in rules.standard_hours.items():
        yield from (
            Fault(
                ("rules", "standard_hours", pattern), f"{hour!r} is not a time of day (HH:MM)"
            )
            for hour in hours
            if not _CLOCK.fullmatch(hour)
        )
    minutes = {
        "late_after_minutes": rules.late_after_minutes,
        "silent_after_minutes": rules.silent_after_minutes,
        "limit_floor_minutes": rules.limit_floor_minutes,
        "limit_ceiling_minutes": rules.limit_ceiling_minutes,
        "charting_lag_minutes": rules.charting_lag_minutes,
    }
    for key, value in minutes.items():
        if value < 1:
            yield Fault(("rules", key), f"{value} is not a number of minutes (1 or more)")
    if rules.silent_after_minutes < rules.late_after_minutes:
        yield Fault(("rules", "silent_after_minutes"), "a stream is late before it is silent")
    if rules.limit_ceiling_minutes < rules.limit_floor_minutes:
        yield Fault(("rules", "limit_ceiling_minutes"), "the ceiling lies below the floor")


def _login_faults(login: Login) -> Iterator[Fault]:
    at_least = {
        "lock_after_minutes": (login.lock_after_minutes, 0),
        "end_after_minutes": (login.end_after_minutes, 1),
        "longest_hours": (login.longest_hours, 1),
        "glass_minutes": (login.glass_minutes, 1),
    }
    for key, (value, least) in at_least.items():
        if value < least:
            yield Fault(("login", key), f"{value} is too little: at least {least}")
    if login.lock_after_minutes > login.end_after_minutes:
        yield Fault(
            ("login", "lock_after_minutes"), "a screen is covered before it is logged out"
        )


def _oidc_faults(oidc: SingleSignOn | None) -> Iterator[Fault]:
    if oidc is None:
        return
    # OpenID Connect Discovery 1.0, 3: the issuer is an https address without query or fragment.
    plain = "?" not in oidc.issuer and "#" not in oidc.issuer
    if not (plain and oidc.issuer.startswith(("https://", "http://127.0.0.1:"))):
        yield Fault(("oidc", "issuer"), "the issuer is an https:// address without ? and #")
    if not oidc.client_id.strip():
        yield Fault(("oidc", "client_id"), "the provider must know this site by a client_id")


def _feed_faults(path: tuple[str | int, ...], feed: Feed) -> Iterator[Fault]:
    if not _NAME.fullmatch(feed.name):
        yield Fault(
            (*path, "name"),
            f"{feed.name!r} is no feed name: letters, digits, . _ - and 64 of them at most",
        )
    if feed.port not in _PORTS:
        yield Fault((*path, "port"), f"{feed.port} is not a port (0 to 65535)")
    if feed.max_message_bytes < 1:
        yield Fault((*path, "max_message_bytes"), "the limit is at least one byte")
    if feed.daily_quota_bytes < feed.max_message_bytes:
        text = "the quota of a day must hold one message of max_message_bytes"
        yield Fault((*path, "daily_quota_bytes"), text)
    yield from _wire_faults(path, feed)
    if feed.kind == "fhir":
        yield from _fhir_faults(path, feed)
    known = {stream.value for stream in Stream}
    for name in feed.not_fed_wards:
        if name not in known:
            yield Fault((*path, "not_fed_wards", name), f"there is no stream {name!r}")


# What a listener of its own has and a FHIR sender, who speaks to the web's port, does not.
_LISTENERS_ONLY = (
    "host",
    "port",
    "tls_certificate",
    "tls_key",
    "tls_client_ca",
    "tls_client_names",
    "application_ack",
)


def _fhir_faults(path: tuple[str | int, ...], feed: Feed) -> Iterator[Fault]:
    usual = Feed(name=feed.name)
    for key in _LISTENERS_ONLY:
        if getattr(feed, key) != getattr(usual, key):
            text = f"a feed of kind fhir is taken at the web's address: leave out {key}"
            yield Fault((*path, key), text)


def _wire_faults(path: tuple[str | int, ...], feed: Feed) -> Iterator[Fault]:
    for network in feed.allow:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            yield Fault((*path, "allow"), f"{network!r} is not an address or network (CIDR)")
    if (feed.tls_certificate is None) != (feed.tls_key is None):
        yield Fault((*path, "tls_certificate"), "tls_certificate and tls_key go together")
    if feed.tls_client_names and feed.tls_client_ca is None:
        yield Fault((*path, "tls_client_names"), "tls_client_names needs tls_client_ca")
    if feed.tls_client_ca is not None and feed.tls_certificate is None:
        yield Fault((*path, "tls_client_ca"), "tls_client_ca needs tls_certificate")


def _twice(table: str, key: str, values: list[str]) -> Iterator[Fault]:
    """Yield a fault at the second place of every value that stands twice."""
    seen: Counter[str] = Counter()
    for index, value in enumerate(values):
        seen[value] += 1
        if seen[value] == 2:  # noqa: PLR2004  the second is the fault; a third says nothing new
            yield Fault((table, index, key), f"{value!r} stands twice")
