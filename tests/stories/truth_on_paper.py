"""Reads packs back from their PDF and holds them against what the simulated hospital knows.

Nothing of how a pack writes is used to say what must stand on it, but for the catalogue's words
and the form of a date: each fact is written down here a second time, from the truth.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from wardkeep.adapters.house_packs import house_data
from wardkeep.adapters.pack_builder import ward_data
from wardkeep.adapters.typst_words import translator
from wardkeep.chart.memory import MemoryCharts, with_ward_flags
from wardkeep.chart.model import (
    AllergyState,
    Dose,
    DoseOutcome,
    EncounterState,
    FlagKind,
    MedicationOrder,
    OrderState,
    PatientChart,
    ResultState,
    TimingForm,
)
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import DAY, Moment, Precision
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.pack.contents import WardData
from wardkeep.pack.whole_house import HouseData, PackKind
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import Size
from wardkeep.sample.site import FEEDS, demo_site

START = 1_653_364_800_000_000  # 2022-05-24T04:00:00Z
ZONE = ZoneInfo("Europe/Brussels")
MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "fr": "janv févr mars avr mai juin juil août sept oct nov déc",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "de": "Jan Feb März Apr Mai Juni Juli Aug Sept Okt Nov Dez",
}


class SampleHouse:
    """The simulated hospital, the charts that its messages made, and its truth at `now`."""

    def __init__(self, size: Size, hours: float, seed: int = 20260307) -> None:
        self.hospital = Hospital(seed, START, size)
        self.site: Site = demo_site(dict.fromkeys(FEEDS, 2575), 8443, size.wards)
        self.charts = MemoryCharts(self.site)
        self.now = START + int(hours * 3_600_000_000)
        for number, sent in enumerate(self._sent(), start=1):
            self.charts.add(
                Entry(
                    number, sent.feed, sent.at, Kind.HL7, b"", b"", b"", sent.body,
                    id_reused=False,
                )
            )  # fmt: skip

    def _sent(self) -> Iterator[object]:
        yield from self.hospital.first_fill()
        yield from self.hospital.live(self.now)

    def truth(self, record: str) -> PatientChart:
        return self.hospital.true_patient(record)

    def ward(self, code: str) -> WardData:
        summary = next(each for each in self.charts.wards() if each.ward == code)
        return ward_data(self.charts, self.site, summary, self.now, "clinical 1")

    def house(self, kind: PackKind) -> HouseData:
        return house_data(self.charts, self.site, kind, None, self.now, "clinical 1")


def true_order(
    charts: tuple[PatientChart, ...], house: SampleHouse
) -> tuple[PatientChart, ...]:
    """The true charts of the same patients, with what only the ward as a whole gives."""
    return tuple(with_ward_flags([house.truth(chart.record) for chart in charts]))


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page in the order in which it was set, without any space."""
    done = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return [squashed(page) for page in done.stdout.decode().split("\f")[:-1]]


def squashed(text: str) -> str:
    """Text without spaces and breaks: where a line ends is no fact."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text)


class Facts:
    """What must stand on a patient's pages in one language, written from the truth."""

    def __init__(self, house: SampleHouse, language: str) -> None:
        self.house, self.language = house, language
        self.say = translator(language)
        self.today = self._local(house.now).date()

    def _local(self, at: int) -> datetime:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).astimezone(ZONE)

    def day(self, at: datetime) -> str:
        return f"{at.day:02} {MONTHS[self.language].split()[at.month - 1]}"

    def time(self, at: int) -> str:
        local = self._local(at)
        clock = f"{local:%H:%M}"
        if local.date() == self.today:
            return clock
        year = f" {local.year}" if local.year != self.today.year else ""
        return f"{self.day(local)}{year} {clock}"

    def moment(self, moment: Moment) -> str:
        if moment.precision is Precision.DAY:
            local = self._local(moment.at)
            return f"{self.day(local)} {local.year}"
        return self.time(moment.at)

    def born(self, chart: PatientChart) -> str:
        date = datetime.fromisoformat(chart.birth_date.value)
        return f"{self.day(date)} {date.year}"

    def name(self, chart: PatientChart) -> str:
        family = chart.name.value.family.replace("ß", "ẞ").upper()
        return f"{family}, {chart.name.value.given}"

    def place(self, chart: PatientChart) -> str:
        at = chart.current.location.value
        return f"{at.ward} · {at.room}-{at.bed}"

    def band(self, chart: PatientChart) -> list[str]:
        """What each page of a patient carries."""
        number = self.say("Record {number}").format(number=chart.record)
        return [self.name(chart), self.born(chart), number, self.place(chart),
                *self.allergies(chart)]  # fmt: skip

    def allergies(self, chart: PatientChart) -> list[str]:
        match chart.allergies.state:
            case AllergyState.NONE_KNOWN:
                return [self.say("ALLERGIES: NONE KNOWN")]
            case AllergyState.NOT_RECORDED:
                return [self.say("ALLERGIES: NOT RECORDED: ASK")]
            case AllergyState.CONFLICT:
                state = [self.say("ALLERGIES: CONFLICT: sources disagree: ASK")]
            case AllergyState.LISTED:
                state = []
        return [*state, *(item.substance.text for item in chart.allergies.items)]

    def standing(self, chart: PatientChart) -> list[MedicationOrder]:
        """Orders that stand: no one that was ended, of an earlier stay, or past its end."""
        return [
            order
            for order in chart.orders
            if order.state.value in {OrderState.ACTIVE, OrderState.HELD}
            and not any(flag.kind is FlagKind.EARLIER_STAY for flag in order.flags)
            and not self._past(order)
        ]

    def _past(self, order: MedicationOrder) -> bool:
        stop = order.timing.value.stop
        return stop is not None and stop.at < self.house.now

    def medicines(self, chart: PatientChart) -> list[str]:
        """Dose and drug as they stand side by side, the text as it was sent."""
        found = []
        for order in self.standing(chart):
            by_period = order.timing.value.form in {TimingForm.PHASES, TimingForm.UNREADABLE}
            lost = any(flag.kind is FlagKind.LOST_CHARACTERS for flag in order.flags)
            if order.dose is None or by_period:
                found.append(order.drug.value.text)
            elif lost:
                found += [order.dose.value, self.say("AS SENT: PHARMACIST TO CONFIRM")]
            else:
                found.append(f"{order.dose.value} {order.drug.value.text}")
        return found

    def given(self, chart: PatientChart) -> list[str]:
        """Doses of the last 24 h of the standing orders that were given and not doubted.

        Of an order with more the newest eight stand on paper, and how many more there are.
        """
        recent = [
            [dose for dose in chart.doses if dose.order == order.order and self._recent(dose)]
            for order in self.standing(chart)
        ]
        return [
            self.dose(dose)
            for doses in recent
            for dose in doses[:8]
            if dose.outcome is DoseOutcome.GIVEN and not dose.flags
        ]

    def _recent(self, dose: Dose) -> bool:
        return dose.at.at > self.house.now - DAY

    def dose(self, dose: Dose) -> str:
        parts = (self.moment(dose.at), self.say("given"), dose.amount, dose.rate)
        told = " ".join(part for part in parts if part)
        return f"{told}, {dose.by}" if dose.by else told

    def laboratory(self, chart: PatientChart) -> list[str]:
        """The last five values of each analysis with mark and time."""
        found = []
        for series in chart.results:
            for result in series.results[:5]:
                mark = f" [{result.abnormal}]" if result.abnormal not in {"", "N"} else ""
                if result.state is ResultState.WITHDRAWN:
                    found.append(f"{result.value}{mark}")
                else:
                    found.append(f"{result.value}{mark} {self.moment(result.at)}")
        return found

    def summary(self, chart: PatientChart) -> list[str]:
        found = [problem.coding.text for problem in chart.problems]
        found += [f"{each.text} ({each.signer}" for each in chart.code_status]
        if chart.weight:
            found.append(f"{chart.weight.value.amount} {chart.weight.value.unit}")
        found += [each.value for each in (chart.diet, chart.isolation) if each]
        found += [each.coding.text for each in chart.pending_orders]
        found += [each.specimen for each in chart.pending_specimens]
        found += [each.text[:200] for each in chart.reports[:6]]
        for kin in chart.next_of_kin:
            found += [kin.name.family, *(each.number for each in kin.telephones)]
        found += [
            f"{self.moment(each.start)} · {each.service} · {each.reason}"
            for each in chart.appointments
            if each.start.at >= self.house.now and each.state != "cancelled"
        ]
        return found


def untrue_doses(text: str, chart: PatientChart, facts: Facts) -> list[str]:
    """Doses said to be given on a patient's pages that the truth does not know."""
    word = squashed(facts.say("given"))
    printed = set(re.findall(rf"\d\d:\d\d(?={re.escape(word)}\d)", text))
    true = {
        squashed(facts.moment(dose.at))[-5:]
        for dose in chart.doses
        if dose.outcome in {DoseOutcome.GIVEN, DoseOutcome.PARTIAL}
    }
    return sorted(printed - true)


def lies_in_a_bed(chart: PatientChart) -> bool:
    return chart.current is not None and chart.current.state.value in {
        EncounterState.ADMITTED,
        EncounterState.ON_LEAVE,
    }
