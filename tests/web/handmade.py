"""A small hospital made by hand, for pages: one ward of forty, one of three, hostile text."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TypeVar

import msgspec
from litestar import Litestar

from wardkeep.access.deeds import Deed, fold_deeds
from wardkeep.access.events import AccessEvent, AccountAdded, Role
from wardkeep.access.look import Look
from wardkeep.access.sealed import SealedCodes, fold_codes
from wardkeep.access.state import Accounts, fold
from wardkeep.alarm.state import Alarm
from wardkeep.bedside.accuracy import Accuracy, accuracy
from wardkeep.bedside.events import BedsideEvent
from wardkeep.bedside.state import Checks, Difference
from wardkeep.bedside.state import fold as fold_checks
from wardkeep.chart.found import FoundPatient, found_of
from wardkeep.chart.model import (
    Allergies,
    Allergy,
    AllergyState,
    Appointment,
    Clinician,
    Coded,
    CodeStatus,
    Dose,
    DoseOutcome,
    Encounter,
    EncounterState,
    Flag,
    FlagKind,
    Location,
    Measure,
    MedicationOrder,
    NextOfKin,
    OrderKind,
    OrderState,
    PatientChart,
    PendingOrder,
    PendingSpecimen,
    PersonName,
    Problem,
    Report,
    Result,
    ResultSeries,
    ResultState,
    Source,
    Telephone,
    Timing,
    TimingForm,
    Value,
)
from wardkeep.chart.ports import (
    FeedStatus,
    Quarantined,
    StreamStatus,
    Unread,
    UnreadMessage,
    WardSummary,
)
from wardkeep.foresight.governance.risk import Acceptances
from wardkeep.hospital.deliveries import Delivery
from wardkeep.hospital.login import Login, SingleSignOn
from wardkeep.hospital.printing import Printer
from wardkeep.hospital.site import Feed, Rules, Site, Ward
from wardkeep.hospital.streams import Stream, StreamState
from wardkeep.kernel.times import HOUR, MINUTE, Moment, Precision
from wardkeep.pack.events import Decision, PackBuilt
from wardkeep.pack.state import Hold
from wardkeep.sender.state import Memory
from wardkeep.web.application import create_app
from wardkeep.web.delivery_port import Deliveries, NoDeliveries
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.forecast_port import ForecastDesk, NoForecast
from wardkeep.web.map_port import MapDesk, NoMap
from wardkeep.web.ports import (
    CopyWatch,
    NoCopy,
    NoPrinting,
    Pack,
    Printing,
    ProcessStatus,
    Replayed,
    ServerStatus,
    SignOn,
    WebDependencies,
)
from wardkeep.web.receipt_port import NoReceipts, ReceiptBook
from wardkeep.web.settings_port import NoSettings, SettingsDesk

T = TypeVar("T")

NOW = 1_772_853_120_000_000  # 2026-03-07 04:12 in Brussels
PASSWORD = "correct horse battery"
ENTRIES = {
    "login",
    "login refused",
    "unlock refused",
    "break-glass",
    "alarm ended",
    "session ended",
}
"""Pages of the access ledger that are no look at a patient."""
HOSTILE = 'Van den "<script>alert(1)</script>\u202e\x07'

SITE = Site(
    name="Hôpital du Val",
    code="VAL",
    language="en",
    rules=Rules(timezone="Europe/Brussels"),
    # Second factors have their own tests; every other page is reached by the password alone.
    login=Login(second_factor_roles=()),
    feeds=(Feed(name="adt"), Feed(name="mar", port=2576), Feed(name="lab", port=2577)),
    wards=(
        Ward(code="4B", name="Cardiology", site="Val", beds=("1", "2")),
        Ward(code="ICU", name="Intensive care", site="Val"),
    ),
)


def source(feed: str = "adt", sequence: int = 7) -> Source:
    return Source(feed, f"MSG{sequence:05}", NOW - 3 * HOUR, NOW - 3 * HOUR, sequence)


def said(value: T, feed: str = "adt") -> Value[T]:
    return Value(value, source(feed))


def moment(at: int, precision: Precision = Precision.MINUTE) -> Moment:
    return Moment(at, precision, "")


_FAMILIES = ("Janssens", "Vandersteen-Lefèvre", "Müller", "da Conceição", "O'Brien", "Łukasz")
_GIVENS = ("Marie-Louise", "Jan", "Anne", "José", "Henriette", "Luc")
_DRUGS = (
    ("paracetamol", "1 g", TimingForm.CODE, "QID"),
    ("bisoprolol", "2,5 mg", TimingForm.CODE, "QD"),
    ("enoxaparin", "40 mg", TimingForm.CODE, "QD"),
    ("amoxicilline/clavulanate", "1 g", TimingForm.CODE, "TID"),
    ("furosemide", "40 mg", TimingForm.CODE, "BID"),
    ("pantoprazole", "40 mg", TimingForm.CODE, "QAM"),
    ("morphine", "5 mg", TimingForm.AS_NEEDED, "PRN"),
    ("NaCl 0,9 %", "1000 mL", TimingForm.CONTINUOUS, "CONT"),
)
_KINDS = {TimingForm.AS_NEEDED: OrderKind.AS_NEEDED, TimingForm.CONTINUOUS: OrderKind.INFUSION}


def order(number: str, drug: str, dose: str, form: TimingForm, code: str) -> MedicationOrder:
    return MedicationOrder(
        order=number,
        feed="mar",
        drug=said(Coded("", drug), "mar"),
        dose=said(dose, "mar"),
        route=said(Coded("PO", "by mouth"), "mar"),
        kind=_KINDS.get(form, OrderKind.REGULAR),
        timing=said(Timing(form=form, text=code, code=code), "mar"),
        state=said(OrderState.ACTIVE, "mar"),
        prescriber=said(Clinician("1", "Dr Peeters"), "mar"),
    )


def orders(record: str) -> tuple[MedicationOrder, ...]:
    made = [order(f"{record}-{n}", *drug) for n, drug in enumerate(_DRUGS)]
    made[1] = msgspec.structs.replace(made[1], state=said(OrderState.HELD, "mar"))
    if int(record) % 4 == 3:
        made += risky_orders(record)
    if int(record) % 4 == 2:
        lost = Flag(FlagKind.LOST_CHARACTERS, "40 \ufffdg")
        made[2] = msgspec.structs.replace(made[2], flags=(lost,))
    return tuple(made)


def risky_orders(record: str) -> list[MedicationOrder]:
    """Insulin; of every second one that nobody charted last evening, and methotrexate weekly.

    With enoxaparin and morphine all have two classes of high-risk drugs, some three or four.
    """
    insulin = order(f"{record}-8", "insulin lispro", "6 IE", TimingForm.TIMES, "18:00,20:00")
    evening = Timing(form=TimingForm.TIMES, text="18:00,20:00", times=("18:00", "20:00"))
    weekly = order(f"{record}-9", "methotrexate", "10 mg", TimingForm.TIMES, "SAT 08:00")
    saturday = Timing(form=TimingForm.TIMES, text="SAT 08:00", times=("08:00",), weekdays=(6,))
    known = moment(NOW - 30 * HOUR)
    insulin = msgspec.structs.replace(insulin, timing=said(evening, "mar"), entered=known)
    weekly = msgspec.structs.replace(weekly, timing=said(saturday, "mar"), entered=known)
    if int(record) % 8 == 3:
        return [insulin, weekly]
    return [order(f"{record}-8", "insulin lispro", "6 IE", TimingForm.CODE, "BID")]


def dose(record: str) -> Dose:
    return Dose(
        dose=f"{record}-d",
        order=f"{record}-0",
        drug=Coded("", "paracetamol"),
        amount="1 g",
        outcome=DoseOutcome.GIVEN,
        at=moment(NOW - 6 * HOUR),
        by="N. Dubois",
        source=source("mar", 9),
    )


def allergies(number: int) -> Allergies:
    if number % 3 == 0:
        return Allergies(state=AllergyState.NOT_RECORDED)
    if number % 3 == 1:
        return Allergies(state=AllergyState.NONE_KNOWN, none_known=(source(),))
    items = tuple(
        Allergy(substance=Coded("", name), severity="SV", reactions=("rash",), source=source())
        for name in ("penicilline", "latex")
    )
    return Allergies(state=AllergyState.LISTED, items=items)


def patient(number: int, ward: str, family: str | None = None) -> PatientChart:
    record = f"{700000 + number}"
    encounter = Encounter(
        visit=f"V{record}",
        state=said(EncounterState.ADMITTED),
        location=said(Location(ward, f"{400 + number // 2}", str(number % 2 + 1))),
        admitted=said(moment(NOW - 50 * HOUR)),
        attending=said(Clinician("1", "Dr Peeters")),
    )
    family = family or _FAMILIES[number % len(_FAMILIES)]
    return PatientChart(
        record=record,
        name=said(PersonName(family, _GIVENS[number % len(_GIVENS)])),
        birth_date=said(f"{1930 + number}-03-07") if number % 7 else None,
        sex=said("F" if number % 2 else "M"),
        encounters=(encounter,),
        allergies=allergies(number),
        code_status=_code_status(number),
        isolation=said("contact") if number % 9 == 1 else None,
        weight=said(Measure("71", "kg", moment(NOW - 30 * HOUR))),
        orders=orders(record),
        doses=(dose(record),),
        flags=(Flag(FlagKind.SAME_NAME_ON_WARD, "700002"),) if number % 11 == 2 else (),
    )


def _code_status(number: int) -> tuple[CodeStatus, ...]:
    if number % 5:
        return ()
    return (CodeStatus(text="DNR", signer="Dr Peeters", date=moment(NOW), source=source()),)


def full_patient() -> PatientChart:
    """A patient of whom every kind of thing is known, in a hostile hand."""
    plain = patient(90, "ICU", HOSTILE)
    result = Result(
        value="6.1",
        unit="mmol/L",
        reference="3.5-5.1",
        abnormal="HH",
        state=ResultState.CORRECTED,
        at=moment(NOW - 2 * HOUR),
        corrected_from=("5.1",),
        source=source("lab", 8),
    )
    old = msgspec.structs.replace(result, value="4.0", at=moment(NOW - 26 * HOUR))
    return msgspec.structs.replace(
        plain,
        record="R/9 0?&<1>",
        allergies=Allergies(
            state=AllergyState.CONFLICT,
            items=(Allergy(substance=Coded("", "<b>iodine</b>"), source=source()),),
            none_known=(source("mar"),),
        ),
        problems=(Problem(coding=Coded("I50", "heart failure"), source=source()),),
        results=(ResultSeries(coding=Coded("K", "potassium"), results=(result, old)),),
        reports=(
            Report(
                report="1",
                coding=Coded("CT", "CT thorax"),
                text="No embolism.\nSmall effusion.",
                state=ResultState.FINAL,
                at=moment(NOW),
                imaging=True,
                source=source(),
            ),
        ),
        pending_orders=(
            PendingOrder(
                order="2", coding=Coded("", "echo"), state=OrderState.ACTIVE, source=source()
            ),
        ),
        pending_specimens=(
            PendingSpecimen(specimen="S1", coding=Coded("", "blood culture"), source=source()),
        ),
        appointments=(
            Appointment(
                appointment="a",
                start=moment(NOW + 60 * HOUR),
                service="Cardiology",
                state="booked",
                telephones=(Telephone("+32 4 123 45 67"),),
                source=source(),
            ),
        ),
        next_of_kin=(NextOfKin(name=PersonName("Kin", "Next"), source=source()),),
    )


_NOT_FRESH = {
    Stream.LABORATORY: StreamState.SILENT,
    Stream.IMAGING: StreamState.NOT_FED,
    Stream.DOSES_GIVEN: StreamState.LATE,
}
RAW = b"MSH|^~\\&|ADT|VAL|||20260307||ADT^A01|MSG00007|P|2.5\rPID|1||700001||<b>X\x1b\x0b\r"


class HandmadeCharts:
    """The hospital as a `Charts`; `revise` tells screens that something changed."""

    def __init__(self) -> None:
        self.patients = [patient(n, "4B") for n in range(40)]
        self.patients += [patient(50, "ICU"), patient(51, "ICU"), full_patient()]
        self.number = 1
        self.lost: tuple[UnreadMessage, ...] = ()
        self.all_silent = False
        self.behind = 0
        self.lacking = False
        self.behind_of: dict[Stream, StreamStatus] = {}
        self.spoken: tuple[str, ...] = ("700001",)
        self.lock = threading.Lock()

    def revise(self) -> None:
        with self.lock:
            self.number += 1
            self.patients.append(patient(39, "4B", "Newcomer"))

    def wards(self) -> list[WardSummary]:
        return [
            WardSummary(
                ward="4B",
                name="Cardiology",
                site="Val",
                patients=40,
                changed=self.number,
                charted_up_to=NOW - 20 * MINUTE,
            ),
            WardSummary(ward="ICU", name="Intensive care", patients=3, doses_fed=False),
        ]

    def summary(self, code: str) -> WardSummary | None:
        return next((ward for ward in self.wards() if ward.ward == code), None)

    def ward(self, code: str) -> list[PatientChart]:
        return [p for p in self.patients if p.current and p.current.location.value.ward == code]

    def patient(self, record: str) -> PatientChart | None:
        return next((p for p in self.patients if p.record == record), None)

    def find(self, text: str, limit: int = 50) -> list[FoundPatient]:
        folded = text.casefold()
        found = [found_of(p) for p in self.patients if folded in p.name.value.family.casefold()]
        return found[:limit]

    def streams(self, now: int, ward: str | None = None) -> list[StreamStatus]:  # noqa: ARG002
        return [self.behind_of.get(s) or self._stream(s, ward) for s in Stream]

    def _stream(self, stream: Stream, ward: str | None) -> StreamStatus:
        state = _NOT_FRESH.get(stream, StreamState.FRESH)
        if ward == "ICU" and stream is Stream.MEDICATION_ORDERS:
            state = StreamState.NOT_FED
        if self.all_silent and state is not StreamState.NOT_FED:
            state = StreamState.SILENT
        if state is StreamState.NOT_FED:
            return StreamStatus(stream=stream, state=state)
        age = {StreamState.FRESH: 2, StreamState.LATE: 45, StreamState.SILENT: 200}[state]
        heard = NOW - age * MINUTE
        return StreamStatus(
            stream=stream,
            state=state,
            feeds=("adt",),
            as_of=heard,
            heard=heard,
            known_to=heard,
            gaps=1,
        )

    def feeds(self, now: int) -> list[FeedStatus]:  # noqa: ARG002
        return [
            FeedStatus(
                feed="adt",
                state=StreamState.FRESH,
                streams=(Stream.ADMISSIONS,),
                heard=NOW,
                messages=12,
                quarantined=2,
            ),
            FeedStatus(
                feed="lab", state=StreamState.SILENT, streams=tuple(Stream), alone=False
            ),
            FeedStatus(feed="mar", state=StreamState.SILENT, heard=NOW - 9 * HOUR, alone=False),
        ]

    def quarantine(self, limit: int = 1000) -> list[Quarantined]:  # noqa: ARG002
        return [
            Quarantined(
                sequence=7, feed="adt", received=NOW, control="M7", reason="PID-3 is empty"
            )
        ]

    def unread(self, ward: str, since: int) -> Unread:
        assert ward
        held = tuple(each for each in self.lost if each.received >= since)
        return Unread(about=held)

    def raw(self, sequence: int) -> bytes | None:
        return RAW if sequence == 7 else None

    def spoken_of(self, sequence: int) -> tuple[str, ...]:
        return self.spoken if sequence == 7 else ()

    def waiting(self) -> int:
        return self.behind

    def lacks(self) -> bool:
        return self.lacking

    def cursor(self) -> int:
        return 9

    def revision(self) -> int:
        return self.number


class QuickPasswords:
    """Stands in for argon2id, whose slowness has its own test."""

    def hash(self, password: str) -> str:
        return f"plain:{password}"

    def fits(self, password_hash: str | None, password: str) -> bool:
        return password_hash == f"plain:{password}"


class Accounting:
    """The operations ledger's accounts, in memory."""

    def __init__(self, names: Sequence[tuple[str, Role]]) -> None:
        self.events: list[AccessEvent] = [
            AccountAdded(
                name=name, roles=(role,), password_hash=f"plain:{PASSWORD}", at=1, by="init"
            )
            for name, role in names
        ]
        self.fails = False

    def accounts(self) -> Accounts:
        return fold(self.events)

    def codes(self) -> SealedCodes:
        return fold_codes(self.events)

    def deeds(self, name: str) -> Sequence[Deed]:
        return fold_deeds(self.events).get(name, ())

    def append(self, events: Sequence[AccessEvent]) -> None:
        if self.fails:
            raise OperationFailedError("the server does not answer")
        self.events += events


class BedsideChecks:
    """The operations ledger's bedside checks, in memory."""

    def __init__(self) -> None:
        self.events: list[BedsideEvent] = []
        self.fails = False
        self.readable = True
        self.unread = 0

    def checks(self) -> Checks:
        told = Checks(unread=self.unread, readable=self.readable)
        return fold_checks(self.events, told)

    def waiting(self) -> tuple[Difference, ...]:
        return self.checks().waiting()

    def accuracy(self, now: int) -> dict[str, Accuracy]:
        return accuracy(self.checks(), now)

    def record(self, events: Sequence[BedsideEvent]) -> None:
        if self.fails:
            raise OperationFailedError("the server does not answer")
        self.events += events


class Bench:
    """Everything behind the pages, in memory, with a clock that stands still until told."""

    def __init__(self) -> None:
        self.charts = HandmadeCharts()
        self.accounts_book = Accounting(
            (
                ("anna", Role.NURSE),
                ("ines", Role.IT),
                ("lea", Role.LEAD),
                ("otto", Role.AUDITOR),
            )
        )
        self.at = NOW
        self.login_rules = SITE.login
        self.sign_on_rules: SingleSignOn | None = None
        self.alarmed: list[tuple[str, str, str]] = []
        self.alarms_fail = False
        self.provider: SignOn | None = None
        self.ended: list[tuple[str, str]] = []
        self.access: list[Look] = []
        self.recorded: list[Look] = []
        self.noted: list[Look] = []
        self.looks_fail = False
        self.slept: list[float] = []
        self.kept: bytes | None = None
        self.tokens = 0
        self.readable = True
        self.supervised = True
        self.alarms: tuple[Alarm, ...] = ()
        self.packs_made = {"4B": NOW}
        self.packs_failing: dict[str, int] = {}
        self.holds: dict[str, Hold] = {}
        self.decided: list[Decision] = []
        self.printing: Printing = NoPrinting()
        self.bedside = BedsideChecks()
        self.printers: tuple[Printer, ...] = ()
        self.deliveries: Deliveries = NoDeliveries()
        self.copy: CopyWatch = NoCopy()
        self.pack_built: PackBuilt | None = None
        self.receipts: ReceiptBook = NoReceipts()
        self.targets: tuple[Delivery, ...] = ()
        self.settings: SettingsDesk = NoSettings()
        self.map: MapDesk = NoMap()
        self.forecast: ForecastDesk = NoForecast()
        self.accepted: Acceptances | None = {}
        self.seen: dict[str, Memory] = {}
        self.known: list[tuple[str, ...]] = []

    def deps(self, *, secure: bool = False) -> WebDependencies:
        return WebDependencies(
            site=msgspec.structs.replace(
                SITE,
                login=self.login_rules,
                oidc=self.sign_on_rules,
                printers=self.printers,
                deliveries=self.targets,
            ),
            charts=self.charts,
            accounts=self.accounts_book,
            looks=self,
            recorded=self,
            operations=self,
            supervision=self,
            packs=self,
            sessions=self,
            passwords=QuickPasswords(),
            clock=lambda: self.at,
            new_token=self.token,
            sleep=self.sleep,
            browser_secret=b"kept over restarts",
            printing=self.printing,
            deliveries=self.deliveries,
            receipts=self.receipts,
            copy=self.copy,
            settings=self.settings,
            map=self.map,
            forecast=self.forecast,
            accepted=self.risks,
            bedside=self.bedside,
            secure=secure,
            single_sign_on=self.provider,
        )

    def app(self, *, secure: bool = False) -> Litestar:
        return create_app(self.deps(secure=secure))

    def risks(self) -> Acceptances:
        if self.accepted is None:
            raise OperationFailedError("the operations ledger cannot be read")
        return self.accepted

    def token(self) -> str:
        self.tokens += 1
        return f"token-{self.tokens:04}"

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def record(self, looks: Sequence[Look]) -> None:
        if self.looks_fail:
            raise OperationFailedError("the access ledger does not answer")
        self.access += looks
        self.recorded += [look for look in looks if look.page not in ENTRIES]
        self.noted += [look for look in looks if look.page in ENTRIES]

    def replay(self, sequence: int, by: str) -> Replayed:  # noqa: ARG002
        return Replayed(in_chart=self.readable, reason="PID-3 is empty")

    def alarm(self, code: str, subject: str, detail: str) -> bool:
        if not self.alarms_fail:
            self.alarmed.append((code, subject, detail))
        return not self.alarms_fail

    def end_alarm(self, code: str, subject: str) -> None:
        self.ended.append((code, subject))

    def looks(self, before: int, limit: int) -> tuple[Sequence[Look], int]:
        end = before or len(self.access) + 1
        begin = max(end - limit, 1)
        return self.access[begin - 1 : end - 1][::-1], begin if begin > 1 else 0

    def senders(self) -> dict[str, Memory] | None:
        return self.seen if self.readable else None

    def know(self, named: tuple[str, str, str], by: str) -> None:
        if not self.readable:
            raise OperationFailedError("the server does not answer")
        self.known.append((*named, by))

    def decide(self, event: Decision) -> None:
        if not self.readable:
            raise OperationFailedError("the server does not answer")
        self.decided.append(event)

    def held(self) -> dict[str, Hold]:
        return self.holds

    def beside(self, ward: str) -> Pack | None:
        return Pack(b"%PDF-1.7 beside", NOW) if ward in self.holds else None

    def status(self) -> ServerStatus | None:
        if not self.supervised:
            return None
        writer = ProcessStatus(name="writer", running=True, since=NOW, restarts=1)
        return ServerStatus(processes=(writer,), alarms=self.alarms)

    def latest(self, ward: str) -> Pack | None:
        return Pack(b"%PDF-1.7", NOW, self.pack_built) if ward == "4B" else None

    def made(self) -> dict[str, int]:
        return self.packs_made

    def failing(self) -> dict[str, int]:
        return self.packs_failing

    def load(self) -> bytes | None:
        return self.kept

    def save(self, content: bytes) -> None:
        self.kept = content
