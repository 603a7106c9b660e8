"""Problems (DG1, PRB), and what the site's codes tell of care: code status, diet..."""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section
from wardkeep.chart.reading.observation import observed_text, observed_unit
from wardkeep.chart.reading.parts import clinician, coded, put_coded, words
from wardkeep.chart.reading.speaker import Speaker, put
from wardkeep.chart.text import normal
from wardkeep.chart.views.problems import DIET, ISOLATION, WEIGHT
from wardkeep.hospital.streams import Stream
from wardkeep.wire.hl7v2.escapes import unescape
from wardkeep.wire.hl7v2.segment import NULL, Segment

_WITHDRAWN = {"D", "W", "X"}
_DELETING = {"D", "DE", "DELETE"}
_OVER = {"resolved", "inactive", "closed", "remission"}


def read_diagnosis(speaker: Speaker, segment: Segment) -> None:
    """Say a DG1: DG1-3 and -4, kind DG1-6, since DG1-5, deletion by DG1-21."""
    raw = segment.raw(3) or (f"^{segment.raw(4)}" if segment.raw(4) else "")
    fields: Fields = {}
    put(fields, "kind", segment.raw(6).split("^", 1)[0])
    speaker.put_moment(fields, "since", segment.first(5))
    _say_problem(speaker, raw, segment.raw(4), fields, deleted=segment.first(21) in _DELETING)


def read_problem(speaker: Speaker, segment: Segment) -> None:
    """Say a PRB: PRB-3, since PRB-7 or -16, over by PRB-9 or the life cycle status PRB-14."""
    fields: Fields = {}
    speaker.put_moment(fields, "since", segment.first(16) or segment.first(7))
    status = normal(words(segment.raw(14)))
    fields["active"] = "no" if segment.first(9) or status in _OVER else "yes"
    _say_problem(speaker, segment.raw(3), "", fields, deleted=segment.first(1) in _DELETING)


def _say_problem(
    speaker: Speaker, raw: str, text: str, fields: Fields, *, deleted: bool
) -> None:
    code, shown, system = coded(raw) if raw and raw != NULL else ("", "", "")
    name = f"{code}^{system}" if code else normal(shown)
    if not name:
        return
    speaker.hears(Stream.PROBLEMS)
    put_coded(fields, raw)
    if not shown and text and text != NULL:
        fields["text"] = unescape(text)
    fields["listed"] = None if deleted else "yes"
    speaker.say(Section.PROBLEM, name, fields)


def read_site_observation(speaker: Speaker, obx: Segment) -> bool:
    """Say an OBX whose code the site uses for care; False if it is none of these."""
    rules = speaker.context.rules
    pieces = obx.raw(3).split("^")
    codes = {*pieces[:1], *pieces[3:4]}
    if not codes.isdisjoint(rules.code_status_codes):
        _hear(speaker, obx, Stream.CODE_STATUS)
        say_code_status(speaker, obx)
    elif not codes.isdisjoint(rules.isolation_codes):
        _hear(speaker, obx, Stream.ISOLATION)
        _say_care(speaker, obx, ISOLATION)
    elif not codes.isdisjoint(rules.diet_codes):
        _hear(speaker, obx, Stream.DIET)
        _say_care(speaker, obx, DIET)
    elif not codes.isdisjoint(rules.weight_codes):
        _hear(speaker, obx, Stream.WEIGHT)
        _say_weight(speaker, obx)
    else:
        return False
    return True


def _hear(speaker: Speaker, obx: Segment, stream: Stream) -> None:
    """Hear the stream where the observation says something; an empty one says nothing."""
    if obx.raw(5) or obx.first(11) in _WITHDRAWN:
        speaker.hears(stream)


def say_code_status(speaker: Speaker, obx: Segment) -> None:
    """Say a resuscitation decision with its scope, signer (OBX-16) and date (OBX-14)."""
    fields: Fields = {}
    if obx.first(11) in _WITHDRAWN or obx.raw(5) == NULL:
        fields["text"] = None
    elif shown := observed_text(obx):
        fields["text"] = shown
    else:
        return
    if signer := clinician(obx.raw(16)):
        fields["signer"] = signer[1] or signer[0]
    else:
        fields["signer"] = None
    fields["date"] = None
    speaker.put_moment(fields, "date", obx.first(14))
    _say_status(speaker, fields, "obx", speaker.time(obx.first(14)))


def say_directive(speaker: Speaker, raw: str, kind: str) -> None:
    """Say an advance directive of PV2-45 (of the visit) or PD1-15 (of the person)."""
    if not raw:
        return
    speaker.hears(Stream.CODE_STATUS)
    shown = "; ".join(words(one) for one in raw.split("~") if one and one != NULL)
    _say_status(
        speaker,
        {"text": None if raw == NULL else shown, "signer": None, "date": None},
        kind,
        None,
    )


def _say_status(speaker: Speaker, fields: Fields, kind: str, event: int | None) -> None:
    scope = "" if kind == "pd1" else speaker.visit
    fields["scope"] = scope
    fields["record"] = speaker.record
    key = SEPARATOR.join((speaker.record, scope, kind))
    speaker.say(Section.CODE_STATUS, key, fields, event)


def _say_care(speaker: Speaker, obx: Segment, kind: str) -> None:
    gone = obx.first(11) in _WITHDRAWN or obx.raw(5) == NULL
    fields: Fields = {"text": None if gone else observed_text(obx)}
    if gone or fields["text"]:
        speaker.say(Section.CARE, kind, fields, speaker.time(obx.first(14)))


def _say_weight(speaker: Speaker, obx: Segment) -> None:
    gone = obx.first(11) in _WITHDRAWN or obx.raw(5) == NULL
    amount = observed_text(obx)
    if not gone and not amount:
        return
    fields: Fields = {"amount": None if gone else amount, "unit": observed_unit(obx)}
    fields["taken"] = None
    speaker.put_moment(fields, "taken", obx.first(14))
    speaker.say(Section.CARE, WEIGHT, fields, speaker.time(obx.first(14)))
