"""One resource while it is read: who speaks, of whom, and where its references lead.

Rules kept here:
- What is not known yet is asked for: the entry is read again when it is heard (`asked`).
- What is said with the help of other resources carries their versions in its stamp: read again
  with newer knowledge, it takes the place of what was said with older.
- A resource with a modifier that is not known says perhaps the opposite: it is not read.
"""

from __future__ import annotations

from wardkeep.chart.change import Fields, FieldValue, Section, moment_row
from wardkeep.chart.directory import Known, is_newer
from wardkeep.chart.reading.fhir.lessons import person_facts
from wardkeep.chart.reading.fhir.words import (
    coded,
    entity,
    identifier_rows,
    telephone_rows,
    words,
)
from wardkeep.chart.reading.parts import choose_record
from wardkeep.chart.reading.speaker import FUTURE, Speaker
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import Moment
from wardkeep.wire.fhir.document import Item
from wardkeep.wire.fhir.references import logical, target_of, type_of
from wardkeep.wire.fhir.times import parse_moment
from wardkeep.wire.fhir.values import Resource, contained, part, parts, text


class Book:
    """What a document says of its own resources, by target: the newest lesson and the item."""

    __slots__ = ("items", "known")

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}
        self.items: dict[str, Item] = {}


class Telling:
    """One item with the speaker of its changes and the memory that its references need."""

    def __init__(self, speaker: Speaker, item: Item, book: Book) -> None:
        """`book` is what the document itself holds."""
        self.speaker = speaker
        self.item = item
        self.resource = item.resource
        self.asked: dict[str, None] = {}
        self.waiting: dict[str, None] = {}
        self._book = book
        self._counted: set[str] = set()

    @property
    def rules(self) -> Rules:
        """The site's rules."""
        return self.speaker.context.rules

    @property
    def own(self) -> str:
        """What the resource is known by in its feed; "" where it says nothing of itself."""
        if self.item.target:
            return f"{self.item.target}@{self.speaker.feed}"
        for identifier in parts(self.resource, "identifier"):
            if found := entity(identifier, self.speaker.feed, self.rules):
                return found
        return ""

    def target(self, reference: Resource) -> str:
        """Return the target of a reference, "" for none and for a contained one."""
        return target_of(text(reference, "reference"), self.item.base)

    def inside(self, reference: Resource) -> Resource:
        """Return the contained resource that a reference names, empty where there is none."""
        told = text(reference, "reference")
        return contained(self.resource, told[1:]) if told.startswith("#") else {}

    def known(self, target: str, *, keep: bool = False) -> Fields | None:
        """Return what is known of a target.

        None where nothing was heard: the entry is read again when it is. `keep`: also when
        something else is heard of it.
        """
        if not target:
            return None
        speaker = self.speaker
        found = speaker.context.lookup(speaker.feed, target)
        mine = self._book.known.get(target)
        if mine is not None and is_newer(mine, found):
            found = mine
        if found is None or keep:
            self.asked[target] = None
        if found is None:
            return None
        if target not in self._counted:
            self._counted.add(target)
            self.speaker.learned(found.at)
        return found.facts

    def wait_for(self, kind: str) -> None:
        """Say that the entry is unread until something is heard that it refers to."""
        self.waiting[kind] = None

    def turn_to(self, reference: Resource, *, wait: bool = True) -> bool:
        """Turn the speaker to the patient that a reference names; False where unknown."""
        found = self.record_of(reference)
        if not found and wait:
            self.wait_for("Patient")
        self.speaker.record = found
        return bool(found)

    def record_of(self, reference: Resource) -> str:
        """Return the record number that a reference to a patient leads to, "" if unknown."""
        if inside := self.inside(reference):
            return choose_record(identifier_rows(inside, self.rules), self.rules)
        target = self.target(reference)
        facts = self.known(target)
        if facts is not None:
            era = facts.get("era")
            if target in self._book.known and isinstance(era, str):
                self.speaker.era = era
            return str(facts.get("record") or "")
        return self._by_number(logical(reference))

    def _by_number(self, identifier: Resource) -> str:
        """Return the record that a number of the patient belongs to."""
        if not text(identifier, "value"):
            return ""
        (row,) = identifier_rows({"identifier": [identifier]}, self.rules) or [["", "", ""]]
        authorities = self.rules.record_authorities
        if not authorities or row[1] in authorities:
            return str(row[0])
        facts = self.known(number_target(row))
        return str(facts.get("record") or "") if facts else ""

    def subject(self) -> bool:
        """Turn to `subject`, or `patient` where the resource has that; False where unknown."""
        return self.turn_to(subject_of(self.resource))

    def visit(self, name: str = "encounter") -> str:
        """Return the number of the visit that a reference names, "" if it is not known."""
        reference = part(self.resource, name)
        facts = self.known(self.target(reference))
        if facts is not None:
            return str(facts.get("visit") or "")
        return text(logical(reference), "value")

    def moment(self, told: str) -> Moment | None:
        """Return a time of the resource, in the site's zone where it has no offset."""
        return parse_moment(told, self.speaker.context.zone) if told else None

    def time(self, *told: str) -> int | None:
        """Return the first of the texts that is a time and not of a wrong clock."""
        for each in told:
            moment = self.moment(each)
            if moment is not None and moment.at <= self.speaker.received + FUTURE:
                return moment.at
        return None

    def put_moment(self, fields: Fields, name: str, told: str) -> None:
        """Put a time into fields, None where there is none to read."""
        moment = self.moment(told)
        row: FieldValue = None if moment is None else [*moment_row(moment)]
        fields[name] = row

    def who(self, reference: Resource) -> tuple[str, str] | None:
        """Return number and name of the person that a reference names, None if of nobody."""
        target = self.target(reference)
        shown = text(reference, "display")
        number = text(logical(reference), "value")
        inside = self.inside(reference)
        facts = person_facts(inside, self.rules) if inside else None
        if facts is None and not (shown and number):
            facts = self.known(target, keep=not shown)
        for _ in range(2):
            # A role leads to a person.
            above = facts.get("person") if facts else None
            if isinstance(above, str) and above and not (facts or {}).get("name"):
                facts = self.known(above, keep=True)
        number = number or str((facts or {}).get("number") or "")
        shown = shown or str((facts or {}).get("name") or "")
        return (number, shown) if number or shown else None

    def concept_of(self, reference: Resource) -> tuple[str, str, str]:
        """Return code, text and system of what a reference names: a drug, a specimen..."""
        inside = self.inside(reference)
        if inside:
            return coded(part(inside, "code") or part(inside, "type"))
        facts = self.known(self.target(reference), keep=True)
        if facts is None:
            return "", text(reference, "display"), ""
        code, shown, system = (
            str(facts.get(name) or "") for name in ("code", "text", "system")
        )
        return code, shown or text(reference, "display"), system

    def say(self, section: Section, key: str, fields: Fields, event: int | None = None) -> None:
        """Say something of the record that the speaker is turned to."""
        self.speaker.say(section, key, fields, event)

    def fault(self, reason: str) -> None:
        """Note what could not be read; the reason holds no patient's data."""
        self.speaker.fault(reason)

    def kind_of(self, target: str) -> str:
        """Return the type of what a target names, as far as the document or the target says."""
        item = self._book.items.get(target)
        return item.kind if item else type_of(target)

    def phones(self, reference: Resource) -> FieldValue:
        """Return the telephones of a patient who stands in the same document."""
        item = self._book.items.get(self.target(reference))
        return telephone_rows(item.resource) if item else None


def subject_of(resource: Resource) -> Resource:
    """Return the reference to the patient of a resource."""
    return part(resource, "subject") or part(resource, "patient")


def number_target(row: list[str | int]) -> str:
    """Return the target by which a patient is found from one of the patient's numbers."""
    return f"Patient?{row[1]}|{row[0]}"


def reasons(resource: Resource, name: str) -> str:
    """Return the words of all concepts of a list, joined."""
    return "; ".join(shown for each in parts(resource, name) if (shown := words(each)))
