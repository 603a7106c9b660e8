"""FHIR servers that are asked, because they only answer searches; settings `[[polls]]`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

import msgspec

from wardkeep.hospital.loopback import is_loopback

USUAL_TYPES: tuple[str, ...] = (
    "Patient",
    "Encounter",
    "Location",
    "AllergyIntolerance",
    "Condition",
    "MedicationRequest",
    "MedicationAdministration",
    "Observation",
    "DiagnosticReport",
    "ServiceRequest",
    "Specimen",
    "Appointment",
    "Flag",
    "NutritionOrder",
)
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,63}")


class Poll(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One server that is asked what changed; what it answers counts as sent on `feed`.

    `overlap_seconds` is asked for again each time: clocks are coarse, and what a server
    commits late carries an earlier time.
    """

    feed: str
    base_url: str
    types: tuple[str, ...] = USUAL_TYPES
    interval_seconds: int = 60
    overlap_seconds: int = 60
    first_days: int = 30
    page_size: int = 200
    token_file: str | None = None
    certificate_authority: str | None = None
    client_certificate: str | None = None
    client_key: str | None = None


class PollFault(msgspec.Struct, frozen=True):
    """One setting of a poll that cannot stand."""

    key: str
    text: str


def poll_faults(poll: Poll, fhir_feeds: Collection[str]) -> Iterator[PollFault]:
    """Yield what a server could not keep of a poll; `fhir_feeds` are the feeds of kind fhir."""
    if poll.feed not in fhir_feeds:
        yield PollFault("feed", f"there is no feed {poll.feed!r} of kind fhir")
    if why := _why_no_address(poll.base_url):
        yield PollFault("base_url", why)
    yield from _type_faults(poll.types)
    for key, least in _LEAST.items():
        if getattr(poll, key) < least:
            yield PollFault(key, f"{key} is {least} at least")
    if (poll.client_certificate is None) != (poll.client_key is None):
        yield PollFault("client_certificate", "client_certificate and client_key go together")


def _type_faults(types: Collection[str]) -> Iterator[PollFault]:
    if not types:
        yield PollFault("types", "a poll asks for one type at least")
    for kind in types:
        if not _TYPE.fullmatch(kind):
            yield PollFault("types", f"{kind!r} is no resource type")


_LEAST = {"interval_seconds": 1, "overlap_seconds": 0, "first_days": 1, "page_size": 1}


def _why_no_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is none
    except ValueError:
        return f"{url!r} is no address"
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        return "base_url is https://HOST/PATH, without ? and #"
    if parts.username is not None:
        return "no secret stands in the settings: use token_file"
    if parts.scheme == "http" and not is_loopback(host):
        return f"plain HTTP is for loopback only, and {host} is not: use https"
    return ""
