"""The systems of record that a site declared and that do not feed what is printed here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wardkeep.hospital.site import RecordSystem, Site
from wardkeep.pack.pen import Pen
from wardkeep.paper.forms import Entry


def unfed_systems(site: Site, ward: str = "") -> tuple[RecordSystem, ...]:
    """Return those that a ward uses, all of them for ""; in the order of the settings."""
    return tuple(
        system
        for system in site.systems
        if not system.feeds and (not ward or not system.wards or ward in system.wards)
    )


def tell_systems(systems: Iterable[RecordSystem], pen: Pen) -> Iterator[Entry]:
    """Yield one line a system for the list of what the paper cannot know."""
    for system in systems:
        told = pen.say("SENDS NOTHING TO THIS PAPER: {system}", system=pen.sent(system.name))
        if system.holds:
            told += f" ({pen.sent(system.holds)})"
        if system.ask:
            told += ". " + pen.say("Ask: {whom}", whom=pen.sent(system.ask))
        yield Entry(text=told, strong=True)
