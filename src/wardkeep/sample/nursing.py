"""The nursing record: weight, vital signs, diet, isolation, resuscitation decisions."""

from __future__ import annotations

import msgspec

from wardkeep.chart.model import CodeStatus, Measure, Result, ResultState, Source
from wardkeep.kernel.times import SECOND
from wardkeep.sample.admissions import clinician, escape_name
from wardkeep.sample.analyses import VITALS
from wardkeep.sample.bedside import pid_and_visit
from wardkeep.sample.desk import Desk, Tell
from wardkeep.sample.hl7 import escape, segment
from wardkeep.sample.laboratory import LOINC
from wardkeep.sample.world import Person, Series, Stay

FEED = "mar"
_ORU = "ORU^R01^ORU_R01"
_NOBODY = Source("", "", 0, 0, 0)


class Nursing:
    """Writes what nurses record beside the medication."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._numbers = 0

    def _send(self, person: Person, stay: Stay, at: int, lines: list[str], tell: Tell) -> None:
        self._numbers += 1
        stamp = self._desk.clock.stamp(at, offset=True)
        obr = {
            1: "1",
            3: f"{900_000 + self._numbers}^SOINS",
            4: "34746-8^Feuille de soins^LN",
            7: stamp,
            22: stamp,
            25: "F",
        }
        segments = [*pid_and_visit(person, stay), segment("OBR", obr), *lines]
        self._desk.send(FEED, _ORU, at, segments, tell)

    def _stamp(self, at: int) -> str:
        return self._desk.clock.stamp(at, offset=True)

    def weigh(self, person: Person, stay: Stay, at: int) -> None:
        """Record a weight taken at `at`."""
        at = at // SECOND * SECOND
        amount = f"{person.true_weight + self._desk.chance.uniform(-1, 1):.1f}"
        stamp = self._stamp(at)
        obx = {1: "1", 2: "NM", 3: "29463-7^Poids^LN", 5: amount, 6: "kg", 11: "F", 14: stamp}
        measure = Measure(amount, "kg", self._desk.clock.moment(at, offset=True))

        def tell(source: Source) -> None:
            person.one().weight.hear(measure, msgspec.structs.replace(source, event=at))

        self._send(person, stay, at, [segment("OBX", obx)], tell)

    def watch(self, person: Person, stay: Stay) -> None:
        """Record the vital signs now."""
        chance, at = self._desk.chance, self._desk.now // SECOND * SECOND
        moment = self._desk.clock.moment(at, offset=True)
        lines, results = [], []
        for place, sign in enumerate(VITALS, start=1):
            value = sign.value(chance)
            fields = {
                1: str(place),
                2: "NM",
                3: f"{sign.code}^{escape(sign.text)}^{LOINC}",
                5: sign.written(value),
                6: sign.unit,
                7: sign.range,
                8: sign.abnormal(value),
                11: "F",
                14: moment.text,
            }
            lines.append(segment("OBX", fields))
            result = Result(
                value=sign.written(value),
                unit=sign.unit,
                reference=sign.range,
                abnormal=sign.abnormal(value),
                state=ResultState.FINAL,
                at=moment,
                source=_NOBODY,
            )
            results.append((sign, result))
        number = f"{900_001 + self._numbers}^SOINS"

        def tell(source: Source) -> None:
            for sign, result in results:
                series = person.one().series.setdefault(
                    sign.code,
                    Series(code=sign.code, text=sign.text, system=LOINC, specimen=""),
                )
                series.results[number] = msgspec.structs.replace(result, source=source)

        self._send(person, stay, at, lines, tell)

    def diet(self, person: Person, stay: Stay, text: str, at: int) -> None:
        """Record a diet, "" to lift it."""
        self._care(person, stay, "DIET", "Régime", text, at)

    def isolate(self, person: Person, stay: Stay, text: str, at: int) -> None:
        """Record an isolation."""
        self._care(person, stay, "ISOLATION", "Isolement", text, at)

    def _care(
        self, person: Person, stay: Stay, code: str, name: str, text: str, at: int
    ) -> None:
        at = at // SECOND * SECOND
        obx = {1: "1", 2: "ST", 3: f"{code}^{name}^L", 5: escape(text), 11: "F"}
        obx[14] = self._stamp(at)

        def tell(source: Source) -> None:
            latest = person.one().diet if code == "DIET" else person.one().isolation
            latest.hear(text, msgspec.structs.replace(source, event=at))

        self._send(person, stay, at, [segment("OBX", obx)], tell)

    def decide(self, person: Person, stay: Stay, text: str, at: int, signer: str) -> None:
        """Record a resuscitation decision for this stay, signed by a doctor."""
        at = at // SECOND * SECOND
        obx = {
            1: "1",
            2: "ST",
            3: "CODESTATUS^Statut de réanimation^L",
            5: escape(text),
            11: "F",
            14: self._stamp(at),
            16: escape_name(signer),
        }
        decision = CodeStatus(
            text=text,
            scope=stay.visit,
            signer=clinician(signer).name,
            date=self._desk.clock.moment(at, offset=True),
            record=person.record,
            source=_NOBODY,
        )

        def tell(source: Source) -> None:
            said = msgspec.structs.replace(source, event=at)
            known = person.code_status.get(stay.visit)
            if known is None or known.source.event <= at:
                person.code_status[stay.visit] = msgspec.structs.replace(decision, source=said)

        self._send(person, stay, at, [segment("OBX", obx)], tell)
