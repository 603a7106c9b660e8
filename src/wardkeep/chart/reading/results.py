"""ORU: laboratory values, reports in words, and which requests are answered by them."""

from __future__ import annotations

import msgspec

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section
from wardkeep.chart.model import ResultState
from wardkeep.chart.reading.observation import WORDS, observed_text, observed_unit
from wardkeep.chart.reading.orders import Named, name_order
from wardkeep.chart.reading.parts import coded, put_coded, words
from wardkeep.chart.reading.problems import read_site_observation
from wardkeep.chart.reading.speaker import Speaker
from wardkeep.chart.text import normal
from wardkeep.hospital.streams import Stream
from wardkeep.wire.hl7v2.segment import NULL, Segment

_STATES = {
    "F": ResultState.FINAL, "C": ResultState.CORRECTED, "P": ResultState.PRELIMINARY,
    "S": ResultState.PRELIMINARY, "R": ResultState.PRELIMINARY, "A": ResultState.PRELIMINARY,
    "V": ResultState.FINAL, "B": ResultState.PRELIMINARY, "U": ResultState.FINAL,
    "I": ResultState.PENDING, "O": ResultState.PENDING,
    "D": ResultState.WITHDRAWN, "W": ResultState.WITHDRAWN, "X": ResultState.WITHDRAWN,
}  # fmt: skip
"""OBX-11 (table 0085) and OBR-25 (table 0123)."""

_WORD_SECTIONS = {"MB", "PAT", "SP", "CP", "CTH", "MCB", "VR", "OTH"}
"""Diagnostic sections (table 0074) that answer in words: microbiology, pathology..."""


class ObservationGroup(msgspec.Struct):
    """One OBR with what follows it: observations with their notes, and specimens."""

    obr: Segment
    orc: Segment | None
    observations: list[tuple[Segment, list[str]]]
    specimens: list[Segment]


def read_observations(speaker: Speaker, group: ObservationGroup) -> None:
    """Say what an OBR and its OBX tell: care by the site's codes, values, or a report."""
    obr, orc = group.obr, group.orc
    named = name_order(
        speaker,
        obr.raw(2) or (orc.raw(2) if orc else ""),
        obr.raw(3) or (orc.raw(3) if orc else ""),
    )
    left = [pair for pair in group.observations if not read_site_observation(speaker, pair[0])]
    imaging = obr.first(24) in speaker.context.rules.imaging_sections
    if left:
        speaker.hears(Stream.IMAGING if imaging else Stream.LABORATORY)
        if imaging or _in_words(obr, left):
            _say_report(speaker, group, left, named, imaging=imaging)
        else:
            for obx, notes in left:
                say_result(speaker, group, obx, notes, named)
    _say_final(speaker, group, named)


def _in_words(obr: Segment, observations: list[tuple[Segment, list[str]]]) -> bool:
    if all(obx.first(2) in WORDS for obx, _ in observations):
        return True
    return obr.first(24) in _WORD_SECTIONS and any(
        obx.first(2) in WORDS for obx, _ in observations
    )


def _say_report(
    speaker: Speaker,
    group: ObservationGroup,
    observations: list[tuple[Segment, list[str]]],
    named: Named,
    *,
    imaging: bool,
) -> None:
    obr = group.obr
    lines = [observed_text(obx) for obx, _ in observations]
    state = _STATES.get(obr.first(25)) or _state(observations[0][0], obr)
    fields: Fields = {
        "section": obr.first(24),
        "report": "\n".join(line for line in lines if line),
        "state": state.value,
        "imaging": "yes" if imaging else "no",
        "at": None,
    }
    put_coded(fields, obr.raw(4))
    speaker.put_moment(fields, "at", obr.first(7) or obr.first(22))
    key = SEPARATOR.join((named.filler_key or named.key, code_of(obr)))
    speaker.say(Section.REPORT, key, fields, speaker.time(obr.first(22)) or speaker.sent)


def code_of(obr: Segment) -> str:
    """Return the code of the examination (OBR-4), its text where it has none."""
    code, text, _ = coded(obr.raw(4))
    return code or normal(text)


def _state(obx: Segment, obr: Segment) -> ResultState:
    """Return the state of a value; one that nobody calls final is not called so here."""
    return _STATES.get(obx.first(11)) or _STATES.get(obr.first(25)) or ResultState.PRELIMINARY


def say_result(
    speaker: Speaker, group: ObservationGroup, obx: Segment, notes: list[str], named: Named
) -> None:
    """Say one value; versions of one value differ in the last part of their key."""
    obr = group.obr
    state = _state(obx, obr)
    withdrawn = state is ResultState.WITHDRAWN
    value = "" if withdrawn or obx.raw(5) == NULL else observed_text(obx)
    code, text, system = coded(obx.raw(3))
    if not (code or text) or (not value and not notes and not withdrawn):
        return
    taken = obx.first(14) or obr.first(7)
    fields: Fields = {
        "code": code,
        "text": text,
        "system": system,
        "specimen": _specimen(group),
        "value": value,
        "unit": observed_unit(obx),
        "reference": obx.text(7),
        "abnormal": "; ".join(words(one) for one in obx.repetitions(8)),
        "state": state.value,
        "at": None,
        "notes": list(notes),
    }
    speaker.put_moment(fields, "at", taken)
    order = named.filler_key or named.key
    name = f"{code}^{system}" if code else normal(text)
    key = SEPARATOR.join((order, name, obx.first(4), taken, f"{state.value} {value}"))
    speaker.say(Section.RESULT, key, fields, speaker.time(taken))


def _specimen(group: ObservationGroup) -> str:
    if group.specimens:
        return words(group.specimens[0].raw(4))
    source = group.obr.raw(15).split("^", 1)[0].split("&")
    return source[1] if len(source) > 1 and source[1] else source[0]


def _say_final(speaker: Speaker, group: ObservationGroup, named: Named) -> None:
    obr = group.obr
    state = obr.first(25)
    if not state and group.observations:
        final = all(obx.first(11) in ("F", "C") for obx, _ in group.observations)
        state = "F" if final else ""
    if not named.key or state not in ("F", "C", "X"):
        return
    code = code_of(obr)
    for key in dict.fromkeys(key for key in (named.key, named.filler_key) if key):
        speaker.say(Section.REQUEST, SEPARATOR.join((key, "final", code)), {"final": "yes"})
