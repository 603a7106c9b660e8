"""The laboratory: requests, specimens, results, corrections, cultures (chapters 4 and 7)."""

from __future__ import annotations

import msgspec

from wardkeep.chart.model import (
    Coded,
    OrderState,
    PendingOrder,
    PendingSpecimen,
    Report,
    Result,
    ResultState,
    Source,
)
from wardkeep.kernel.times import HOUR, MINUTE, SECOND
from wardkeep.sample.admissions import clinician, escape_name
from wardkeep.sample.analyses import CULTURE_TEXTS, Analysis, Panel
from wardkeep.sample.bedside import pid_and_visit
from wardkeep.sample.desk import Desk
from wardkeep.sample.group import SENDERS
from wardkeep.sample.hl7 import escape, segment
from wardkeep.sample.world import Person, Series, Stay

FEED = "laboratory"
_OFFSET = SENDERS[FEED].offset
_OML, _ORU = "OML^O21^OML_O21", "ORU^R01^ORU_R01"
LOINC = "LN"
_NOBODY = Source("", "", 0, 0, 0)


class Request(msgspec.Struct, kw_only=True):
    """One request with its specimen, and what the analyser found so far."""

    number: str
    person: Person
    stay: Stay
    panel: Panel
    collected: int
    priority: str
    values: dict[str, str] = {}

    @property
    def placer(self) -> str:
        """ORC-2 and OBR-2, by which the request is known."""
        return f"{self.number}^DEMANDE"

    @property
    def filler(self) -> str:
        """OBR-3, the laboratory's own number."""
        return f"{self.number[1:]}^LABO"


class Laboratory:
    """Takes specimens and writes what is asked, found and corrected."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._numbers = 0
        self._last: dict[tuple[str, str], float] = {}

    def collect(
        self,
        person: Person,
        stay: Stay,
        panel: Panel,
        *,
        at: int | None = None,
        told: bool = True,
    ) -> Request:
        """Take a specimen now; OML^O21 tells the request and the specimen."""
        self._numbers += 1
        request = Request(
            number=f"D{300_000 + self._numbers}",
            person=person,
            stay=stay,
            panel=panel,
            collected=(self._desk.now if at is None else at) // SECOND * SECOND,
            priority="S" if self._desk.chance.random() < 0.2 else "R",  # noqa: PLR2004
        )
        if told:
            self._order(request)
        return request

    def _order(self, request: Request) -> None:
        stamp, panel = self._stamp(request.collected), request.panel
        doctor = escape_name(request.stay.attending)
        spm = {
            1: "1",
            2: f"{request.number}S&DEMANDE",
            4: f"{panel.specimen}^{escape(panel.specimen_text)}^HL70487",
            17: stamp,
        }
        segments = [
            *pid_and_visit(request.person, request.stay),
            segment("ORC", {1: "NW", 2: request.placer, 9: stamp, 12: doctor}),
            segment("TQ1", {1: "1", 7: stamp, 9: request.priority}),
            self._obr(request, ""),
            segment("SPM", spm),
        ]
        wanted, specimen = self._wanted(request), self._specimen(request)
        person, placer = request.person, request.placer

        def tell(source: Source) -> None:
            one = person.one()
            if placer not in one.finished:
                one.requests[placer] = msgspec.structs.replace(wanted, source=source)
                one.specimens[placer] = msgspec.structs.replace(specimen, source=source)

        self._desk.send(FEED, _OML, request.collected, segments, tell)

    def _wanted(self, request: Request) -> PendingOrder:
        panel = request.panel
        return PendingOrder(
            order=request.placer,
            coding=Coded(panel.code, panel.text, LOINC),
            section=panel.section,
            state=OrderState.ACTIVE,
            due=self._desk.clock.moment(request.collected, offset=_OFFSET),
            requester=clinician(request.stay.attending).name,
            priority=request.priority,
            source=_NOBODY,
        )

    def _specimen(self, request: Request) -> PendingSpecimen:
        panel = request.panel
        return PendingSpecimen(
            specimen=f"{request.number}S",
            kind=panel.specimen_text,
            order=request.placer,
            coding=Coded(panel.code, panel.text, LOINC),
            collected=self._desk.clock.moment(request.collected, offset=_OFFSET),
            source=_NOBODY,
        )

    def _stamp(self, at: int) -> str:
        return self._desk.clock.stamp(at, offset=_OFFSET)

    def _obr(self, request: Request, status: str) -> str:
        panel, stamp = request.panel, self._stamp(request.collected)
        fields = {
            1: "1",
            2: request.placer,
            3: request.filler if status else "",
            4: f"{panel.code}^{escape(panel.text)}^{LOINC}",
            7: stamp,
            16: escape_name(request.stay.attending),
            22: self._stamp(self._desk.now) if status else "",
            24: panel.section,
            25: status,
        }
        return segment("OBR", fields)

    def result(self, request: Request, status: str, corrected: str = "") -> None:
        """Tell the results: `status` P, F, or C or W with the code of the wrong value."""
        lines, results = [], []
        for place, analysis in enumerate(request.panel.analyses, start=1):
            if status in {"C", "W"} and analysis.code != corrected:
                continue
            value = "" if status == "W" else self._value(request, analysis, again=status == "C")
            lines.append(self._obx(request, analysis, place, value, status))
            results.append((analysis, self._result(request, analysis, value, status)))
        segments = pid_and_visit(request.person, request.stay)
        control = {
            1: "RE",
            2: request.placer,
            3: request.filler,
            9: self._stamp(self._desk.now),
        }
        segments += [segment("ORC", control), self._obr(request, status), *lines]
        person = request.person

        def tell(source: Source) -> None:
            for analysis, result in results:
                self._hear(person, request, analysis, result, source)
            if status != "P":
                self._close(person, request)

        self._desk.send(FEED, _ORU, self._desk.now, segments, tell)

    def _close(self, person: Person, request: Request) -> None:
        person.one().finished.add(request.placer)
        person.one().requests.pop(request.placer, None)
        person.one().specimens.pop(request.placer, None)

    def _value(self, request: Request, analysis: Analysis, *, again: bool) -> str:
        known = request.values.get(analysis.code)
        if known is not None and not again:
            return known
        key = (request.person.record, analysis.code)
        value = analysis.value(self._desk.chance, self._last.get(key))
        if known is not None and analysis.written(value) == known:
            value += 10**-analysis.places
        self._last[key] = value
        request.values[analysis.code] = analysis.written(value)
        return request.values[analysis.code]

    def _obx(
        self, request: Request, analysis: Analysis, place: int, value: str, status: str
    ) -> str:
        fields = {
            1: str(place),
            2: "NM",
            3: f"{analysis.code}^{escape(analysis.text)}^{LOINC}",
            5: value,
            6: analysis.unit,
            7: analysis.range,
            8: analysis.abnormal(float(value)) if value else "",
            11: status,
            14: self._stamp(request.collected),
        }
        return segment("OBX", fields)

    def _result(self, request: Request, analysis: Analysis, value: str, status: str) -> Result:
        return Result(
            value=value,
            unit=analysis.unit,
            reference=analysis.range,
            abnormal=analysis.abnormal(float(value)) if value else "",
            state=_STATES[status],
            at=self._desk.clock.moment(request.collected, offset=_OFFSET),
            source=_NOBODY,
        )

    def _hear(
        self,
        person: Person,
        request: Request,
        analysis: Analysis,
        result: Result,
        source: Source,
    ) -> None:
        series = person.one().series.setdefault(
            analysis.code,
            Series(code=analysis.code, text=analysis.text, system=LOINC, specimen=""),
        )
        known = series.results.get(request.filler)
        struck: tuple[str, ...] = ()
        if known is not None and known.state is not ResultState.PRELIMINARY:
            earlier = dict.fromkeys((*known.corrected_from, known.value))
            struck = tuple(value for value in earlier if value != result.value)
        series.results[request.filler] = msgspec.structs.replace(
            result, source=source, corrected_from=struck
        )

    def culture(self, request: Request) -> None:
        """Tell what grew, in words."""
        text = self._desk.chance.choice(CULTURE_TEXTS)
        fields = {
            1: "1",
            2: "TX",
            3: f"{request.panel.code}^{escape(request.panel.text)}^{LOINC}",
            5: escape(text),
            11: "F",
            14: self._stamp(request.collected),
        }
        segments = pid_and_visit(request.person, request.stay)
        control = {
            1: "RE",
            2: request.placer,
            3: request.filler,
            9: self._stamp(self._desk.now),
        }
        segments += [segment("ORC", control), self._obr(request, "F"), segment("OBX", fields)]
        panel, person = request.panel, request.person
        report = Report(
            report=f"{request.filler}/{panel.code}",
            coding=Coded(panel.code, panel.text, LOINC),
            section=panel.section,
            text=text,
            state=ResultState.FINAL,
            at=self._desk.clock.moment(request.collected, offset=_OFFSET),
            source=_NOBODY,
        )

        def tell(source: Source) -> None:
            person.one().reports[request.filler] = msgspec.structs.replace(
                report, source=source
            )
            self._close(person, request)

        self._desk.send(FEED, _ORU, self._desk.now, segments, tell)

    def turnaround(self) -> int:
        """Return how long an analysis takes, microseconds."""
        return self._desk.chance.randint(25 * MINUTE, 2 * HOUR)


_STATES = {
    "P": ResultState.PRELIMINARY,
    "F": ResultState.FINAL,
    "C": ResultState.CORRECTED,
    "W": ResultState.WITHDRAWN,
}
