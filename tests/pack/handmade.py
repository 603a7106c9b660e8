"""A ward made by hand with every trap that a sheet must survive."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from wardkeep.adapters.tall_man_lists import tall_man_list
from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import (
    Allergies,
    Allergy,
    AllergyState,
    Appointment,
    Clinician,
    Coded,
    CodeStatus,
    Component,
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
from wardkeep.chart.ports import StreamStatus, WardSummary
from wardkeep.hospital.site import Rules, Site, Ward
from wardkeep.hospital.streams import Stream, StreamState
from wardkeep.kernel.times import HOUR, MINUTE, Moment, Precision
from wardkeep.pack.contents import WardData, ward_pack
from wardkeep.pack.kinds import house_pack
from wardkeep.pack.whole_house import HouseData, HouseWard, Opened, PackKind
from wardkeep.paper.forms import PatientSheet, WardPack
from wardkeep.paper.list_forms import ListPack
from wardkeep.paper.sheet_code import sheet_number

T = TypeVar("T")

NOW = 1_772_853_120_000_000
"""Saturday 2026-03-07 04:12 in Brussels."""

OCTOBER_NIGHT = 1_792_875_600_000_000
"""2026-10-24 23:00 in Brussels; clocks go back at 03:00 on the 25th."""

HOSTILE = 'Van "<script>\u202e\x07#let x = 1'

SITE = Site(
    name="Hôpital du Val",
    language="en",
    rules=Rules(timezone="Europe/Brussels"),
    wards=(
        Ward(
            code="4B",
            name="Cardiology",
            beds=("401-1", "401-2", "402-1", "402-2"),
            telephones=("+32 4 123 45 67",),
        ),
    ),
)


def source(feed: str = "adt", at: int = NOW - 3 * HOUR) -> Source:
    return Source(feed, "MSG00007", at, at, 7)


def said(value: T, feed: str = "adt") -> Value[T]:
    return Value(value, source(feed))


def moment(at: int, precision: Precision = Precision.MINUTE) -> Moment:
    return Moment(at, precision, "")


def order(
    number: str,
    drug: str,
    dose: str | None = "1 g",
    kind: OrderKind = OrderKind.REGULAR,
    **changes: object,
) -> MedicationOrder:
    timing = changes.pop("timing", Timing(form=TimingForm.CODE, text="BID", code="BID"))
    made = MedicationOrder(
        order=number,
        feed="mar",
        drug=said(Coded("", drug), "mar"),
        dose=None if dose is None else said(dose, "mar"),
        route=said(Coded("PO", "by mouth"), "mar"),
        kind=kind,
        timing=said(timing, "mar"),
        state=said(OrderState.ACTIVE, "mar"),
        prescriber=said(Clinician("1", "Dr Peeters"), "mar"),
        entered=moment(NOW - 100 * HOUR),
    )
    return msgspec.structs.replace(made, **changes)


def dose(number: str, at: int, **changes: object) -> Dose:
    made = Dose(
        dose=f"{number}/{at}",
        order=number,
        drug=Coded("", ""),
        amount="1 g",
        outcome=DoseOutcome.GIVEN,
        at=moment(at),
        by="N. Dubois",
        source=source("mar", at),
    )
    return msgspec.structs.replace(made, **changes)


def patient(
    record: str, family: str = "Janssens", bed: str = "1", **changes: object
) -> PatientChart:
    stay = Encounter(
        visit=f"V{record}",
        state=said(EncounterState.ADMITTED),
        location=said(Location("4B", "401", bed)),
        admitted=said(moment(NOW - 50 * HOUR)),
    )
    made = PatientChart(
        record=record,
        name=said(PersonName(family, "Marie-Louise")),
        birth_date=said("1934-03-08"),
        sex=said("F"),
        encounters=(stay,),
        allergies=Allergies(state=AllergyState.NOT_RECORDED),
    )
    return msgspec.structs.replace(made, **changes)


def allergy(substance: str, feed: str = "adt") -> Allergy:
    return Allergy(
        substance=Coded("", substance), severity="SV", reactions=("rash",), source=source(feed)
    )


WEEKLY = Timing(form=TimingForm.TIMES, text="QJ1 0800", times=("08:00",), weekdays=(1,))
PATCH = Timing(
    form=TimingForm.INTERVAL, text="Q72H", every_minutes=72 * 60, start=moment(NOW - 30 * HOUR)
)
UNREADABLE = Timing(form=TimingForm.UNREADABLE, text="selon INR à 18 h")
AS_NEEDED = Timing(form=TimingForm.AS_NEEDED, text="Q6H si douleur", every_minutes=360)
RUNNING = Timing(form=TimingForm.CONTINUOUS, text="C")
TAPERING = Timing(
    form=TimingForm.PHASES,
    text="40 mg 3 d; 20 mg 3 d",
    phases=(
        msgspec.structs.replace(
            WEEKLY, weekdays=(), dose="40 mg", start=moment(NOW - 24 * HOUR)
        ),
        msgspec.structs.replace(
            WEEKLY, weekdays=(), dose="20 mg", start=moment(NOW + 48 * HOUR)
        ),
    ),
)


def trapped() -> PatientChart:
    """A patient in whose orders, doses and results every trap lies."""
    return patient(
        "700001",
        allergies=Allergies(state=AllergyState.LISTED, items=(allergy("penicillin"),)),
        weight=said(Measure("71", "kg", moment(NOW - 30 * HOUR))),
        orders=(
            order("1", "paracetamol"),
            order("2", "methotrexate", "15 mg", timing=WEEKLY),
            order("3", "fentanyl", "25 µg/h", timing=PATCH),
            order(
                "4",
                "acenocoumarol",
                "2 mg",
                timing=UNREADABLE,
                flags=(Flag(FlagKind.TIMING_UNREADABLE),),
            ),
            order(
                "5",
                "levothyroxine",
                "75 \ufffdg",
                flags=(Flag(FlagKind.LOST_CHARACTERS, "75 \ufffdg"),),
            ),
            order("6", "enoxaparin", "40 mg", flags=(Flag(FlagKind.POSSIBLE_DUPLICATE, "8"),)),
            order("7", "bisoprolol", "2,5 mg", state=said(OrderState.HELD, "mar")),
            order("8", "enoxaparin", "40 mg", flags=(Flag(FlagKind.POSSIBLE_DUPLICATE, "6"),)),
            order("9", "prednisolone", None, timing=TAPERING),
            order(
                "10",
                "morphine",
                "5 mg",
                OrderKind.AS_NEEDED,
                timing=AS_NEEDED,
                as_needed_reason="si douleur",
                maximum="30 mg/24 h",
            ),
            order(
                "11",
                "NaCl 0,9 %",
                "1000 mL",
                OrderKind.INFUSION,
                timing=RUNNING,
                rate="83 mL/h",
                components=(
                    Component(
                        kind="A", drug=Coded("", "kaliumchloride KCl"), amount="20", unit="mmol"
                    ),
                ),
            ),
            order("12", "amoxicillin", "1 g", state=said(OrderState.STOPPED, "mar")),
        ),
        doses=(
            dose("1", NOW - 8 * HOUR),
            dose("10", NOW - 6 * HOUR, amount="5 mg"),
            dose("12", NOW - 7 * HOUR),
            dose("lost", NOW - 9 * HOUR, drug=Coded("", "haloperidol")),
            dose("7", NOW - 20 * HOUR, outcome=DoseOutcome.REFUSED, reason="nausea"),
        ),
        code_status=(
            CodeStatus(
                text="DNR",
                signer="Dr Peeters",
                date=moment(NOW),
                scope="V1",
                record="9",
                from_merged=True,
                source=source(),
            ),
        ),
        problems=(Problem(coding=Coded("I50", "heart failure"), source=source()),),
        results=(
            ResultSeries(
                coding=Coded("K", "potassium"), results=tuple(_result(n) for n in range(7))
            ),
        ),
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
                service="Oncology",
                state="booked",
                source=source(),
            ),
        ),
        next_of_kin=(
            NextOfKin(
                name=PersonName("Kin", "Next"),
                telephones=(Telephone("0470 1"),),
                source=source(),
            ),
        ),
        flags=(Flag(FlagKind.SAME_NAME_ON_WARD, "700002"),),
    )


def _result(number: int) -> Result:
    return Result(
        value=f"{6.1 - number / 10:.1f}",
        unit="mmol/L",
        reference="3.5-5.1",
        abnormal="HH" if number == 0 else "N",
        state=ResultState.CORRECTED if number == 0 else ResultState.FINAL,
        at=moment(NOW - (2 + 24 * number) * HOUR),
        corrected_from=("9.9",) if number == 0 else (),
        source=source("lab"),
    )


def hostile() -> PatientChart:
    return patient(
        "R/9\u2066",
        HOSTILE,
        "2",
        allergies=Allergies(
            state=AllergyState.CONFLICT,
            items=(allergy("*b* $x$ \u4e00"),),
            none_known=(source("mar"),),
        ),
        orders=(order("h", "=cmd|' /C calc'!A0", "1\u200b0 mg"),),
    )


def many_drugs() -> PatientChart:
    return patient(
        "700045",
        "Vandersteen-Lefèvre",
        allergies=Allergies(state=AllergyState.NONE_KNOWN, none_known=(source(),)),
        orders=tuple(order(f"m{n:02}", f"medicine {n:02}") for n in range(45)),
    )


def streams(now: int = NOW, **states: StreamState) -> tuple[StreamStatus, ...]:
    ages = {StreamState.FRESH: 2, StreamState.LATE: 45, StreamState.SILENT: 200}
    found = []
    for stream in Stream:
        state = states.get(stream.value, StreamState.FRESH)
        heard = None if state is StreamState.NOT_FED else now - ages[state] * MINUTE
        found.append(
            StreamStatus(stream=stream, state=state, heard=heard, as_of=heard, known_to=heard)
        )
    return tuple(found)


def ward_data(
    *patients: PatientChart, now: int = NOW, site: Site = SITE, **states: StreamState
) -> WardData:
    return WardData(
        charts=patients,
        streams=streams(now, **states),
        summary=WardSummary(
            ward="4B",
            name="Cardiology",
            patients=len(patients),
            charted_up_to=now - 20 * MINUTE,
            doses_fed=states.get("doses_given") is not StreamState.NOT_FED,
        ),
        site=site,
        now=now,
        sheets=tuple(sheet_number(7919**4 * (place + 1)) for place in range(len(patients) + 1)),
        witness="clinical ledger 9",
    )


def pack_of(*patients: PatientChart, language: str = "en", **data: object) -> WardPack:
    return ward_pack(ward_data(*patients, **data), language, translator(language))


def sheet_of(chart: PatientChart, **data: object) -> PatientSheet:
    return pack_of(chart, **data).patients[0]


def house_data(
    kind: PackKind,
    *patients: PatientChart,
    others: tuple[PatientChart, ...] = (),
    site: Site = SITE,
    **states: StreamState,
) -> HouseData:
    ward = ward_data(*patients, site=site, **states)
    return HouseData(
        kind=kind,
        wards=(HouseWard(summary=ward.summary, charts=patients, streams=ward.streams),),
        others=others,
        streams=ward.streams,
        site=site,
        now=NOW,
        sheet=ward.sheets[0],
        witness="clinical ledger 9",
        look_alikes=tall_man_list("BE"),
        opened=Opened("Ann Maes", "found unconscious", NOW),
    )


def list_of(
    kind: PackKind, *patients: PatientChart, language: str = "en", **data: object
) -> ListPack:
    return house_pack(house_data(kind, *patients, **data), language, translator(language))


def rows_of(pack: ListPack, title: str = "") -> list[list[str]]:
    """Every row as its cells' text, lines joined by " / "."""
    return [
        [" / ".join(entry.text for entry in cell) for cell in row.cells]
        for group in pack.groups
        if title in group.title
        for row in group.rows
    ]
