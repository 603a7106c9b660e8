"""The imaging department: reports in French or German as ORU^R01 (chapter 7)."""

from __future__ import annotations

import msgspec

from wardkeep.chart.model import (
    Coded,
    OrderState,
    PendingOrder,
    Report,
    ResultState,
    Source,
)
from wardkeep.kernel.times import SECOND
from wardkeep.sample.admissions import clinician, escape_name
from wardkeep.sample.bedside import pid_and_visit
from wardkeep.sample.desk import Desk
from wardkeep.sample.group import SENDERS
from wardkeep.sample.hl7 import escape, segment
from wardkeep.sample.imaging_words import Examination
from wardkeep.sample.laboratory import LOINC
from wardkeep.sample.world import Person, Stay

FEED = "imaging"
_OFFSET = SENDERS[FEED].offset
_NOBODY = Source("", "", 0, 0, 0)


class ImagingRequest(msgspec.Struct, frozen=True, kw_only=True):
    """An examination that was asked for."""

    number: str
    person: Person
    stay: Stay
    examination: Examination
    asked: int

    @property
    def placer(self) -> str:
        """ORC-2 and OBR-2."""
        return f"{self.number}^DEMANDE"

    @property
    def filler(self) -> str:
        """OBR-3, the accession number."""
        return f"{self.number[1:]}^RIS"


class Imaging:
    """Writes what is asked of the department and what it reports."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._numbers = 0

    def ask(
        self, person: Person, stay: Stay, examination: Examination, *, told: bool = True
    ) -> ImagingRequest:
        """Ask for an examination now (OMI^O23)."""
        self._numbers += 1
        request = ImagingRequest(
            number=f"X{500_000 + self._numbers}",
            person=person,
            stay=stay,
            examination=examination,
            asked=self._desk.now // SECOND * SECOND,
        )
        if told:
            self._tell_request(request)
        return request

    def _tell_request(self, request: ImagingRequest) -> None:
        stamp = self._stamp(request.asked)
        doctor = escape_name(request.stay.attending)
        segments = pid_and_visit(request.person, request.stay)
        segments += [
            segment("ORC", {1: "NW", 2: request.placer, 9: stamp, 12: doctor}),
            segment("TQ1", {1: "1", 7: stamp, 9: "R"}),
            self._obr(request, ""),
        ]
        examination, person = request.examination, request.person
        wanted = PendingOrder(
            order=request.placer,
            coding=Coded(examination.code, examination.text, LOINC),
            section=examination.section,
            state=OrderState.ACTIVE,
            due=self._desk.clock.moment(request.asked, offset=_OFFSET),
            requester=clinician(request.stay.attending).name,
            priority="R",
            source=_NOBODY,
        )

        def tell(source: Source) -> None:
            if request.placer not in person.one().finished:
                person.one().requests[request.placer] = msgspec.structs.replace(
                    wanted, source=source
                )

        self._desk.send(FEED, "OMI^O23^OMI_O23", request.asked, segments, tell)

    def _stamp(self, at: int) -> str:
        return self._desk.clock.stamp(at, offset=_OFFSET)

    def _obr(self, request: ImagingRequest, status: str, at: int | None = None) -> str:
        examination = request.examination
        fields = {
            1: "1",
            2: request.placer,
            3: request.filler if status else "",
            4: f"{examination.code}^{escape(examination.text)}^{LOINC}",
            7: self._stamp(at) if at else "",
            16: escape_name(request.stay.attending),
            22: self._stamp(self._desk.now) if status else "",
            24: examination.section,
            25: status,
        }
        return segment("OBR", fields)

    def report(self, request: ImagingRequest, at: int) -> None:
        """Tell what was seen; `at` is when the pictures were taken."""
        text = self._desk.chance.choice(request.examination.reports)
        examination, person = request.examination, request.person
        coding = f"{examination.code}^{escape(examination.text)}^{LOINC}"
        obx = {1: "1", 2: "FT", 3: coding, 5: escape(text), 11: "F", 14: self._stamp(at)}
        segments = pid_and_visit(request.person, request.stay)
        control = {
            1: "RE",
            2: request.placer,
            3: request.filler,
            9: self._stamp(self._desk.now),
        }
        segments += [
            segment("ORC", control),
            self._obr(request, "F", at),
            segment("OBX", obx),
        ]
        report = Report(
            report=f"{request.filler}/{examination.code}",
            coding=Coded(examination.code, examination.text, LOINC),
            section=examination.section,
            text=text,
            state=ResultState.FINAL,
            at=self._desk.clock.moment(at, offset=_OFFSET),
            imaging=True,
            source=_NOBODY,
        )

        def tell(source: Source) -> None:
            person.one().reports[request.filler] = msgspec.structs.replace(
                report, source=source
            )
            person.one().finished.add(request.placer)
            person.one().requests.pop(request.placer, None)

        self._desk.send(FEED, "ORU^R01^ORU_R01", self._desk.now, segments, tell)
