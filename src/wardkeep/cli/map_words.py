"""What the verbs of the map tell alike: how old it is, and how many patients a service has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from wardkeep.app.first import MapCopied
    from wardkeep.app.folder import HospitalFolder
    from wardkeep.hospital.map.falls import ServiceFall
    from wardkeep.hospital.map.whole import HospitalMap

NOT_RECORDED = "NOT RECORDED"


def age(folder: HospitalFolder, whole: HospitalMap) -> str:
    """Return when the oldest part of the map was read, on the site's clock."""
    refused = whole.refused
    if not refused:
        return age_of(folder, as_of(whole))
    lines = "1 line of its files was" if refused == 1 else f"{refused} lines of its files were"
    return f"{age_of(folder, as_of(whole))} {lines} not taken."


def moment(folder: HospitalFolder, at: int) -> str:
    """Return a moment on the site's clock, with the year."""
    import datetime as dt

    from wardkeep.kernel.wall_clock import utc

    told = dt.datetime.fromisoformat(utc(at)).astimezone(_zone(folder))
    return f"{told:%d %b %Y %H:%M %Z}"


def age_of(folder: HospitalFolder, told: str | None) -> str:
    """Return the same of what `as_of` told; with the year, for maps grow old."""
    import datetime as dt

    copied = copy_of(folder)
    if told is None and copied is not None:
        return f"No map came from the first. {_as_the_first(folder, copied)}"
    if told is None:
        return "Nothing is on the map yet: wardkeep map import DIR FILE..."
    when = dt.datetime.fromisoformat(told).astimezone(_zone(folder))
    said = f"The map is as of {when:%d %b %Y %H:%M %Z}."
    return said if copied is None else f"{said} A COPY. {_as_the_first(folder, copied)}"


def copy_of(folder: HospitalFolder) -> MapCopied | None:
    """Return how the first's map is held on a box that follows, None on any other."""
    from wardkeep.app.first import MapCopied, is_copy, read_following

    if not is_copy(folder):
        return None
    standing = read_following(folder)
    return standing.map if standing else MapCopied()


def _as_the_first(folder: HospitalFolder, copied: MapCopied) -> str:
    from wardkeep.app.first import GIVEN

    said = "It was never held whole as the first has it."
    if copied.as_of:
        said = f"It is as the first had it at {moment(folder, copied.as_of)}."
    if copied.offer != GIVEN:
        said += " The first does not give it to this box (now): wardkeep followers give-map."
    return f"{said} NOT TAKEN: {copied.trouble}." if copied.trouble else said


def ages(folder: HospitalFolder, whole: HospitalMap) -> dict[str, Any]:
    """Return the age of the map for a program: of its oldest part, and of a copy."""
    import msgspec

    from wardkeep.kernel.wall_clock import utc

    copied = copy_of(folder)
    if copied is None:
        return {"map_as_of": as_of(whole), "map_copy": None}
    when = utc(copied.as_of) if copied.as_of else None
    told = {**msgspec.to_builtins(copied), "as_of": when}
    return {"map_as_of": as_of(whole), "map_copy": told}


def _zone(folder: HospitalFolder) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    from wardkeep.app.settings import load_site

    return ZoneInfo(load_site(folder).rules.timezone)


def as_of(whole: HospitalMap) -> str | None:
    """Return the same for a program; None for an empty map."""
    from wardkeep.kernel.wall_clock import utc

    return None if whole.as_of is None else utc(whole.as_of)


def patients(whole: HospitalMap, fall: ServiceFall) -> str:
    """Return how many patients a day a service has; empty for an office, which has none."""
    from wardkeep.hospital.map.care import Service

    service = whole.items[fall.service]
    if isinstance(service, Service) and service.sort == "office":
        return ""
    known = fall.patients_a_day
    return f", patients {NOT_RECORDED}" if known is None else f", {known:.0f} patients a day"
