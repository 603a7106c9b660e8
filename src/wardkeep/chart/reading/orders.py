"""Medication orders: ORC with its control codes, RXO, RXE, RXR, RXC and TQ1."""

from __future__ import annotations

import msgspec

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section
from wardkeep.chart.reading.parts import (
    amount,
    clinician,
    coded,
    entity,
    put_clinician,
    put_coded,
    put_coded_row,
    words,
)
from wardkeep.chart.reading.speaker import Speaker, put, put_value
from wardkeep.chart.reading.timings import timing_rows
from wardkeep.hospital.streams import Stream
from wardkeep.wire.hl7v2.escapes import unescape
from wardkeep.wire.hl7v2.segment import NULL, Segment

STOPS = {
    "DC": "stopped",
    "OD": "stopped",
    "DR": "stopped",
    "CA": "cancelled",
    "OC": "cancelled",
    "CR": "cancelled",
    "UA": "cancelled",
}
UNABLE = {"UC": "unstop", "UD": "unstop", "UM": "unreplaced", "UX": "refused"}
"""What the pharmacy was unable to do: cancel, discontinue, replace, change."""
HOLDS = {"HD": "yes", "HR": "yes", "OH": "yes", "RL": "no", "OR": "no", "OE": "no",
         "UH": "no", "UR": "yes"}  # fmt: skip
"""Hold and release; the pharmacy's "unable to" (UH, UR) says that it did not come about."""
NEW = {"NW", "RO", "", "SN", "PA", "CH", "OP"}
REPLACED = {"RP", "RU", "RQ"}
STATUSES = {"CM": "done", "DC": "stopped", "CA": "cancelled", "RP": "replaced",
            "HD": "held", "IP": "running"}  # fmt: skip
"""Order status (ORC-5, table 0038) that says more than the control code. A (some results are
available) is none of a medicine and ends no hold."""


class OrderGroup(msgspec.Struct):
    """One ORC and the segments up to the next one."""

    orc: Segment
    rest: list[Segment]

    def one(self, name: str) -> Segment | None:
        """Return the first segment of a name."""
        return next((segment for segment in self.rest if segment.name == name), None)


class Named(msgspec.Struct, frozen=True):
    """The numbers of an order: `key` is the placer's, else the filler's."""

    key: str
    filler_key: str
    filler: str


def name_order(speaker: Speaker, placer: str, filler: str) -> Named:
    """Return the numbers of ORC-2 and ORC-3 (or OBR-2 and OBR-3)."""
    placed = entity(placer, speaker.feed) if placer else ""
    filled = entity(filler, speaker.feed) if filler else ""
    return Named(placed or filled, filled, unescape(filler.split("^", 1)[0]))


def event_of(speaker: Speaker, orc: Segment) -> int:
    """Return ORC-9, else the time that the message has."""
    found = speaker.time(orc.first(9)) if orc.raw(9) else None
    return speaker.event if found is None else found


def read_medication_order(
    speaker: Speaker, group: OrderGroup, following: str, *, dispense: bool = False
) -> None:
    """Say a medication order; `following` is the key of the replacement that follows an RP.

    In a `dispense` (RDS) a status of completed is the pharmacy's supply, not the order's end.
    """
    orc = group.orc
    named = name_order(speaker, orc.raw(2), orc.raw(3))
    if not named.key:
        speaker.fault("a medication order without a number (ORC-2, ORC-3)")
        return
    at = event_of(speaker, orc)
    speaker.hears(Stream.MEDICATION_ORDERS, at)
    prefix = named.key + SEPARATOR
    supplied = dispense and orc.first(5).upper() == "CM"
    # Replaced by itself, under one number: a change, whose content follows.
    changed = orc.first(1).upper() in REPLACED and following == named.key
    if not supplied and not changed:
        say_control(speaker, Section.ORDER, prefix, orc, following)
    speaker.say(Section.ORDER, prefix + "content", _content(speaker, group, named), at)


def say_control(
    speaker: Speaker, section: Section, prefix: str, orc: Segment, following: str
) -> None:
    """Say what a control code (ORC-1) and an order status (ORC-5) do to an order."""
    control, status = orc.first(1).upper(), orc.first(5).upper()
    at = event_of(speaker, orc)
    told = STATUSES.get(status, "") if control in ("SC", "RE", "OK", "XX", "SR", "") else ""
    state = STOPS.get(control) or (told if told in ("stopped", "cancelled") else "")
    if state:
        fields: Fields = {"state": state, **_effective(speaker, orc, at)}
        speaker.say(section, prefix + "stop", fields, at)
    elif control in UNABLE:
        speaker.say(section, prefix + UNABLE[control], {"control": control}, at)
    elif control in REPLACED or told == "replaced":
        fields = {"by": following, **_effective(speaker, orc, at)}
        speaker.say(section, prefix + "replaced", fields, at)
    elif control in HOLDS or told in ("held", "running"):
        held = HOLDS.get(control) or ("yes" if told == "held" else "no")
        speaker.say(section, prefix + "hold", {"held": held}, at)
    elif told == "done":
        speaker.say(section, prefix + "done", {"control": control}, at)
    elif control in NEW:
        speaker.say(section, prefix + "new", {"control": control}, at)


def _effective(speaker: Speaker, orc: Segment, at: int) -> Fields:
    """Return from when an end counts: one of later (ORC-15) lets the order run until then."""
    fields: Fields = {"effective": None}
    effective = speaker.moment(orc.first(15)) if orc.raw(15) else None
    if effective is not None and effective.at > at:
        speaker.put_moment(fields, "effective", orc.first(15))
    return fields


def _content(speaker: Speaker, group: OrderGroup, named: Named) -> Fields:
    orc = group.orc
    fields: Fields = {"medication": "yes"}
    put_value(fields, "filler", named.filler, named.filler)
    put_value(fields, "filler_key", named.filler_key, named.filler_key)
    put_value(fields, "visit", speaker.visit, speaker.visit)
    rxo, rxe = group.one("RXO"), group.one("RXE")
    if rxo is not None and rxe is None:
        _put_request(fields, rxo)
    if rxe is not None:
        _put_encoded(fields, rxe)
    put_clinician(fields, "prescriber", orc.raw(12), rxe.raw(13) if rxe else "")
    if orc.first(1).upper() in NEW:
        speaker.put_moment(fields, "entered", orc.first(9))
    verified = (rxe.raw(14) if rxe else "") or orc.raw(11)
    put(fields, "verified_by", _name(verified))
    rows = timing_rows(group.rest, rxe.raw(1) if rxe else "", orc.raw(7))
    if rows:
        fields["timing"] = [list(row) for row in rows]
    _put_route(fields, group, after_rxe=rxe is not None)
    _put_components(fields, group, after_rxe=rxe is not None)
    _put_instructions(fields, group, rxe, rxo)
    return fields


def _name(raw: str) -> str:
    if not raw or raw == NULL:
        return raw
    found = clinician(raw)
    return (found[1] or found[0]) if found else ""


def _put_encoded(fields: Fields, rxe: Segment) -> None:
    """Put an RXE (4.14.4): drug 2, dose 3-5, form 6, maximum 19, rate 22-24, strength 25."""
    put_coded(fields, rxe.raw(2))
    _put_dose(fields, rxe.raw(3), rxe.raw(4), rxe.raw(5))
    put(fields, "form", words(rxe.raw(6)))
    put_value(fields, "maximum", rxe.raw(19), _quantity(rxe.raw(19)))
    put_value(fields, "rate", rxe.raw(23), amount(rxe.raw(23), rxe.raw(24)))
    if rxe.raw(22) and not rxe.raw(23):
        put_value(fields, "rate", rxe.raw(22), f"per {rxe.first(22)}")
    put_value(fields, "strength", rxe.raw(25), amount(rxe.raw(25), rxe.raw(26)))
    put(fields, "indication", "; ".join(words(one) for one in rxe.repetitions(27)))


def _put_request(fields: Fields, rxo: Segment) -> None:
    """Put an RXO (4.14.1): drug 1, dose 2-4, form 5, strength 18-19, rate 21-22."""
    put_coded(fields, rxo.raw(1))
    _put_dose(fields, rxo.raw(2), rxo.raw(3), rxo.raw(4))
    put(fields, "form", words(rxo.raw(5)))
    put_value(fields, "strength", rxo.raw(18), amount(rxo.raw(18), rxo.raw(19)))
    put(fields, "indication", "; ".join(words(one) for one in rxo.repetitions(20)))
    put_value(fields, "rate", rxo.raw(21), amount(rxo.raw(21), rxo.raw(22)))


def _put_dose(fields: Fields, least: str, most: str, unit: str) -> None:
    """Put a dose as sent: "1-2 tab" for a range, never rounded, never converted."""
    if least == NULL:
        fields["dose"] = None
    elif least:
        span = f"{least}-{most}" if most and most not in (least, NULL, "0") else least
        shown = words(unit) if unit and unit != NULL else ""
        fields["dose"] = unescape(f"{span} {shown}".strip())


def _quantity(raw: str) -> str:
    number, _, unit = raw.partition("^")
    return f"{number} {unit.split('&')[0]}".strip()


def _after(group: OrderGroup, name: str, *, after_rxe: bool) -> list[Segment]:
    """Return segments of a name: those after the RXE where there are any, else all."""
    found = [segment for segment in group.rest if segment.name == name]
    if not after_rxe:
        return found
    place = next(i for i, segment in enumerate(group.rest) if segment.name == "RXE")
    return [segment for segment in group.rest[place:] if segment.name == name] or found


def _put_route(fields: Fields, group: OrderGroup, *, after_rxe: bool) -> None:
    if routes := _after(group, "RXR", after_rxe=after_rxe):
        put_coded_row(fields, "route", routes[0].raw(1))
        others = [coded(route.raw(1)) for route in routes[1:] if route.raw(1) != NULL]
        fields["other_routes"] = [list(route) for route in dict.fromkeys(others)]
        put(fields, "site", words(routes[0].raw(2)))


def _put_components(fields: Fields, group: OrderGroup, *, after_rxe: bool) -> None:
    rows: list[str | int | list[str | int]] = []
    for rxc in _after(group, "RXC", after_rxe=after_rxe):
        code, text, system = coded(rxc.raw(2))
        rows.append([rxc.first(1), code, text, system, rxc.first(3), words(rxc.raw(4))])
    if rows:
        fields["components"] = rows


def _put_instructions(
    fields: Fields, group: OrderGroup, rxe: Segment | None, rxo: Segment | None
) -> None:
    found: list[str | int | list[str | int]] = []
    if rxe is not None:
        found += [words(one) for one in rxe.repetitions(7) if words(one)]
    elif rxo is not None:
        found += [words(one) for one in rxo.repetitions(7) if words(one)]
    found += [nte.text(3) for nte in group.rest if nte.name == "NTE" and nte.text(3)]
    if found:
        fields["instructions"] = list(dict.fromkeys(str(one) for one in found))
