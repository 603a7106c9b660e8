"""From a FHIR entry to changes: every resource of a bundle, each under its own times.

Rules kept here:
- A resource was written at its meta.lastUpdated, else when the server's answer or the bundle
  says; only where nobody says so it counts as written when it came, as a FHIR server would set
  it. Of two versions of one instant the greater number counts. A time further ahead of its
  arrival than a day is a wrong clock.
- The order of the resources in a bundle says nothing: all are heard of before one is read.
- A type that the chart has no place for is told; administration and billing are passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from wardkeep.chart.change import Stamp
from wardkeep.chart.directory import Known, Lesson, is_newer
from wardkeep.chart.reading.fhir import deletions
from wardkeep.chart.reading.fhir.allergies import read_allergy
from wardkeep.chart.reading.fhir.appointments import read_appointment
from wardkeep.chart.reading.fhir.care import read_flag, read_nutrition_order
from wardkeep.chart.reading.fhir.doses import read_administration
from wardkeep.chart.reading.fhir.lessons import facts_of
from wardkeep.chart.reading.fhir.observations import read_observation
from wardkeep.chart.reading.fhir.orders import read_medication_request
from wardkeep.chart.reading.fhir.patients import read_patient
from wardkeep.chart.reading.fhir.problems import read_condition
from wardkeep.chart.reading.fhir.reports import read_report
from wardkeep.chart.reading.fhir.requests import read_service_request, read_specimen
from wardkeep.chart.reading.fhir.stays import read_encounter
from wardkeep.chart.reading.fhir.telling import Book, Telling, number_target, subject_of
from wardkeep.chart.reading.fhir.words import identifier_rows
from wardkeep.chart.reading.readings import Reading
from wardkeep.chart.reading.speaker import FUTURE, ReadingContext, Speaker
from wardkeep.hospital.streams import Stream
from wardkeep.ledger.arrival import Entry
from wardkeep.wire.fhir.document import Document, Item, read_document
from wardkeep.wire.fhir.errors import UnreadableResourceError
from wardkeep.wire.fhir.times import parse_moment
from wardkeep.wire.fhir.values import part, parts, text

_DIGITS = 14
"""A version of more digits than a hash of 48 bits may have is no count."""

_PASSED_OVER = {
    "Account", "AuditEvent", "Basic", "Binary", "CareTeam", "ChargeItem", "Claim",
    "ClaimResponse", "Composition", "Contract", "Coverage", "CoverageEligibilityRequest",
    "CoverageEligibilityResponse", "Endpoint", "ExplanationOfBenefit", "Group",
    "HealthcareService", "Invoice", "Location", "Medication", "MessageHeader",
    "OperationOutcome", "Organization", "OrganizationAffiliation", "Parameters",
    "PaymentNotice", "PaymentReconciliation", "Practitioner", "PractitionerRole", "Provenance",
    "RelatedPerson", "Schedule", "Slot", "Subscription",
}  # fmt: skip
"""Administration, billing, and what only others refer to."""

_READERS: dict[str, Callable[[Telling], None]] = {
    "Patient": read_patient,
    "Encounter": read_encounter,
    "AllergyIntolerance": read_allergy,
    "MedicationRequest": read_medication_request,
    "MedicationAdministration": read_administration,
    "Observation": read_observation,
    "DiagnosticReport": read_report,
    "ServiceRequest": read_service_request,
    "Specimen": read_specimen,
    "Condition": read_condition,
    "Appointment": read_appointment,
    "Flag": read_flag,
    "NutritionOrder": read_nutrition_order,
}


def read_fhir(entry: Entry, context: ReadingContext) -> Reading:
    """Return what a FHIR entry says to the chart; never raises for its content."""
    try:
        document = read_document(entry.body)
    except UnreadableResourceError as problem:
        return Reading(fault=str(problem), message_type="FHIR")
    tellings, lessons = _opened(document, entry, context)
    for telling in tellings:
        _read(telling)
    return _reading(document, tellings, lessons)


def records_in(entry: Entry, context: ReadingContext) -> list[str]:
    """Return the record numbers that the resources of an entry name."""
    try:
        document = read_document(entry.body)
    except UnreadableResourceError:
        return []
    tellings, _ = _opened(document, entry, context)
    return [found for telling in tellings for found in _named(telling)]


def _named(telling: Telling) -> list[str]:
    if telling.item.kind == "Patient":
        facts = telling.known(telling.item.target) if telling.item.target else None
        own = facts or facts_of(telling.item, telling.speaker.feed, telling.rules)
        return [str(own.get("record") or "")]
    references = [subject_of(telling.resource)]
    references += [part(each, "actor") for each in parts(telling.resource, "participant")]
    return [telling.record_of(each) for each in references if each]


def _opened(
    document: Document, entry: Entry, context: ReadingContext
) -> tuple[list[Telling], list[Lesson]]:
    """Return every item with its speaker, and what the document teaches."""
    digest = int.from_bytes(blake2b(entry.body, digest_size=6).digest(), "big")
    book = Book()
    tellings, lessons = [], []
    for place, item in enumerate(document.items):
        stamp = _stamp(document, item, entry, context, (digest + place) & 0xFFFF_FFFF_FFFF)
        telling = Telling(Speaker(context, stamp, entry.received), item, book)
        tellings.append(telling)
        if not item.deletion:
            lessons += _learned(telling, stamp, book)
    return tellings, lessons


def _stamp(
    document: Document, item: Item, entry: Entry, context: ReadingContext, digest: int
) -> Stamp:
    sent = entry.received
    told = (
        text(part(item.resource, "meta"), "lastUpdated"),
        item.modified,
        document.timestamp,
    )
    for each in told:
        moment = parse_moment(each, context.zone) if each else None
        if moment is not None and moment.at <= entry.received + FUTURE:
            sent = moment.at
            break
    control = item.target or entry.control.decode("utf-8", "replace")
    version = text(part(item.resource, "meta"), "versionId")
    if version.isdecimal() and len(version) <= _DIGITS:
        digest = int(version)
    return Stamp(sent, -context.feed.rank, sent, control, digest, 0, entry.feed, entry.sequence)


def _learned(telling: Telling, stamp: Stamp, book: Book) -> list[Lesson]:
    """Return the lessons of one item, and put them into the document's own book."""
    item = telling.item
    facts = facts_of(item, telling.speaker.feed, telling.rules)
    if key := deletions.key_of(telling):
        facts["key"] = key
    targets = dict.fromkeys(filter(None, (item.target, _urn(item))))
    found = [Lesson(target, Known(stamp.sent, stamp.digest, facts)) for target in targets]
    if item.kind == "Patient":
        rows = identifier_rows(item.resource, telling.rules)
        known = Known(stamp.sent, stamp.digest, {"record": facts.get("record", "")})
        found += [Lesson(number_target(row), known) for row in rows if row[1]]
    if not facts:
        return []
    for lesson in found:
        book.items[lesson.target] = item
        if is_newer(lesson.known, book.known.get(lesson.target)):
            book.known[lesson.target] = lesson.known
    return found


def _urn(item: Item) -> str:
    return item.full_url if item.full_url.startswith("urn:") else ""


def _read(telling: Telling) -> None:
    kind = telling.item.kind
    if telling.item.deletion:
        deletions.read_deletion(telling)
        return
    reader = _READERS.get(kind)
    if reader is None:
        if kind not in _PASSED_OVER:
            telling.fault(f"{kind} is not read into the chart")
        return
    if _is_modified(telling):
        telling.subject()
        telling.fault(f"{kind} with a modifier that is not known: not read")
        return
    reader(telling)


def _is_modified(telling: Telling) -> bool:
    resource = telling.resource
    if "modifierExtension" in resource or "implicitRules" in resource:
        return True
    inner = (*parts(resource, "dosageInstruction"), *parts(resource, "dosage"))
    return any("modifierExtension" in each for each in inner)


def _reading(document: Document, tellings: list[Telling], lessons: list[Lesson]) -> Reading:
    faults: dict[str, None] = {}
    heard: dict[Stream, tuple[str | None, int]] = {}
    asked: dict[str, None] = {}
    for telling in tellings:
        speaker = telling.speaker
        faults |= dict.fromkeys(speaker.faults)
        waits = [f"waits for a {kind} that was not heard of yet" for kind in telling.waiting]
        faults |= dict.fromkeys(waits)
        asked |= telling.asked
        for stream, at in speaker.heard.items():
            known = heard.get(stream)
            if known is None or known[1] < at:
                heard[stream] = (speaker.ward or None, at)
    faults |= dict.fromkeys(document.oddities)
    return Reading(
        changes=tuple(change for each in tellings for change in each.speaker.changes),
        heard=tuple((stream, ward, at) for stream, (ward, at) in heard.items()),
        fault="; ".join(faults) or None,
        message_type=document.kind,
        lessons=tuple(lessons),
        asked=tuple(asked),
    )
