"""Board papers made by hand, for tests: small, huge, hostile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.foresight.board.contents import Decided, Drawn, board_paper
from wardkeep.foresight.board.paper import BoardPaper, Source
from wardkeep.foresight.events import MeasurePlanned, ProgressTold, RiskAccepted
from wardkeep.foresight.figures import Range
from wardkeep.foresight.governance import risk, road_map
from wardkeep.foresight.governance.funding import Field, FundingCall
from wardkeep.foresight.kept import KeptForecast
from wardkeep.foresight.measures import Burden, Effect, Measure
from wardkeep.foresight.neighbours import NeighbourHit
from wardkeep.foresight.portfolio import Portfolio
from wardkeep.foresight.summary import Forecast, ServiceForecast
from wardkeep.hospital.map.machines import BackupCopy, Server
from wardkeep.hospital.map.outside import RemoteAccess, Supplier
from wardkeep.hospital.map.whole import HospitalMap

TODAY = dt.date(2026, 11, 29)
AT = 1_795_000_000_000_000
"""18 November 2026."""
RANGE = Range(1.0, 20.0, 300.0)
SOURCE = Source(
    hospital="Klinikum an der Sauer",
    zone="Europe/Luxembourg",
    map_as_of="2026-11-28T10:00:00Z",
    made="2026-11-29T13:00:00Z",
    replicas=400,
    seed=7,
    fingerprint="0123456789abcdef" * 4,
    version="0.3.0",
    engines={"Python": "3.11.9"},
)


def service(number: int, name: str = "Labor", role: str = "laboratory") -> ServiceForecast:
    return ServiceForecast(
        service=f"service:{number}",
        name=name,
        role=role,
        clinical=role != "laboratory",
        lost=0.25,
        hours={"closed": RANGE},
        not_full=RANGE,
        full_again=Range(30.0, 100.0 + number, 5_000.0),
        patients=RANGE,
        late=RANGE if number % 2 == 0 else None,
        patient_hours=RANGE,
        euros=RANGE,
    )


OVER_STRUCK = ("hours_to_detonation", "servers", "machines", "days_until_all_back")
OVER_STRUCK += ("back_by_day", "patients", "late", "patient_hours", "elsewhere", "euros")
"""What a forecast tells over the attacks that encrypt."""
OF_SERVICE = ("lost", "hours", "not_full", "full_again", "patients", "late", "patient_hours")
OF_SERVICE += ("euros",)


def stopped_in_time(found: Forecast) -> Forecast:
    """Return a forecast as it is where no attack drawn encrypts."""
    services = tuple(
        msgspec.structs.replace(each, **dict.fromkeys(OF_SERVICE)) for each in found.services
    )
    nothing = dict.fromkeys(OVER_STRUCK)
    return msgspec.structs.replace(found, detonates=0.0, ways=(), services=services, **nothing)


def forecast(
    entry: str = "mail to pc", *, detonates: float = 0.5, late: float = 20.0, **more: object
) -> Forecast:
    usual: dict[str, object] = {
        "patient_hours": RANGE,
        "elsewhere": RANGE,
        "late": Range(late / 2, late, late * 2),
        "services": (service(0), service(1, "Küche", "")),
        "neighbours": (hit("Nachbar", 0.5), hit("Anderer", None)),
        "back_by_day": {1: Range(0.0, 0.0, 0.5), 7: Range(0.1, 0.6, 1.0)},
        "ways": (),
        "no_volume": ("service:1",),
        "no_revenue": (),
    }
    return Forecast(
        entry=entry,
        replicas=400,
        seed=7,
        machines_on_map=100,
        groups=10,
        detonates=detonates,
        standard_error=0.02,
        by_worm=0.05,
        hours_to_detonation=RANGE,
        servers=RANGE,
        machines=RANGE,
        days_until_all_back=Range(2.0, 8.0, 130.0),
        patients=RANGE,
        euros={"revenue": RANGE, "outside help": RANGE, "together": RANGE},
        **(usual | more),  # type: ignore[arg-type]  # the fields of the test
    )


def hit(name: str, share: float | None) -> NeighbourHit:
    return NeighbourHit(
        neighbour=f"neighbour:{name}",
        name=name,
        channel="credentials" if share is None else "infection",
        share=share,
        over=("exchange:1",),
    )


def measure(number: int, name: str = "Sicherungen") -> Measure:
    return Measure(id=f"m{number}", name=name, euros=1_000.0 * number, hours=10.0)


def effect(each: Measure, late: float, *, worse: float = 0.0, **more: object) -> Effect:
    usual: dict[str, object] = {
        "changed": 1,
        "counted": True,
        "detonations": 0.0,
        "patients_error": 5.0,
        "patient_hours_error": 50.0,
        "euros_error": 500.0,
        "euros_a_patient_hour": None,
    }
    return Effect(
        measure=each.id,
        name=each.name,
        cost=each.euros,
        hours=each.hours,
        replicas=400,
        detonations_error=0.0,
        patients=late,
        late=late,
        late_error=5.0,
        patient_hours=late * 20,
        euros=late * 100,
        worse=worse,
        euros_a_patient_hour_least=None,
        euros_a_patient_hour_most=None,
        **(usual | more),  # type: ignore[arg-type]  # the fields of the test
    )


MEASURES = (measure(1), measure(2, "Zweiter Faktor"), measure(3, "Umsonst"))
EFFECTS = (
    effect(MEASURES[0], 10.0),
    effect(MEASURES[1], 40.0, worse=0.05),
    effect(MEASURES[2], 1.0),
)
BURDEN = Burden(
    attacks=1_200,
    counted=True,
    detonates=0.19,
    late=60.0,
    late_error=10.0,
    patient_hours=1_200.0,
    patient_hours_error=200.0,
    euros=3_000.0,
    euros_error=400.0,
)
CALLS = (
    FundingCall(
        programme="Digital Europe",
        call="Alt",
        source="x",
        as_of=TODAY,
        opens=dt.date(2025, 6, 12),
        closes=dt.date(2025, 10, 7),
    ),
    FundingCall(
        programme="Horizon Europe",
        call="Neu",
        source="y",
        as_of=TODAY,
        asks=(Field(field="Bedarf", number="patients-late"), Field(field="Ethik")),
    ),
)


def accepted(number: int = 0, reason: str = "Vertrag bis Juni", **more: str) -> RiskAccepted:
    usual = {
        "check": "no-backup",
        "item": f"server:{number}",
        "reason": reason,
        "accepted_by": "Dr. A. Lambert",
        "review": "2027-05-31",
    }
    return RiskAccepted(at=AT, by="os:an", **(usual | more))


def planned(number: int = 1, quarter: str = "2027-Q1") -> MeasurePlanned:
    return MeasurePlanned(at=AT, by="os:an", measure=f"m{number}", quarter=quarter, owner="IT")


def decided(
    risks: Sequence[RiskAccepted] = (),
    road: Sequence[MeasurePlanned | ProgressTold] = (),
    calls: tuple[FundingCall, ...] = CALLS,
) -> Decided:
    return Decided(
        risk.fold(risks), road_map.fold(road, ZoneInfo(SOURCE.zone)), calls, "site", TODAY
    )


def drawn(
    forecasts: Sequence[Forecast] = (forecast(),),
    measures: Sequence[Measure] = MEASURES,
    effects: Sequence[Effect] = EFFECTS,
    portfolio: Portfolio | None = None,
    without: Burden | None = BURDEN,
) -> Drawn:
    return Drawn(forecasts, measures, effects, portfolio, ("notice", "something new"), without)


def best_of(effects: Sequence[Effect], *measures: str) -> Portfolio:
    return Portfolio(
        budget=5_000.0,
        own_hours=None,
        measures=measures,
        cost=2_000.0,
        hours=10.0,
        expected=1.0,
        effect=effects[0],
        without=BURDEN,
        looked_at=(),
        pairs=0,
        sets=1,
    )


WHOLE = HospitalMap(
    {
        "server:0": Server(id="0", name="Laborserver"),
        "access:fern": RemoteAccess(id="fern", supplier="supplier:labor"),
        "supplier:labor": Supplier(id="labor", name="Laborfirma"),
        "backup:band": BackupCopy(id="band", of=("server:0",)),
    }
)
BEFORE = KeptForecast(
    made="2026-10-01T08:00:00Z",
    map_as_of=None,
    fingerprint="f" * 64,
    version="0.3.0",
    replicas=400,
    seed=7,
    entry="mail to pc",
    late=RANGE,
    days_until_all_back=RANGE,
    euros=RANGE,
)


def paper(
    made: Drawn | None = None,
    house: Decided | None = None,
    before: KeptForecast | None = None,
    whole: HospitalMap = WHOLE,
) -> BoardPaper:
    return board_paper(whole, made or drawn(), house or decided(), SOURCE, before)


def huge(name: str) -> BoardPaper:
    """Sixty of everything, each called by a long name."""
    many = range(60)
    services = tuple(service(each, f"{name} {each}", "") for each in many)
    neighbours = tuple(hit(f"{name} {each}", 0.3) for each in many)
    forecasts = [
        forecast(f"access:{name} {each}", services=services, neighbours=neighbours)
        for each in range(9)
    ]
    measures = [measure(each, f"{name} {each}") for each in many]
    effects = [effect(each, 40.0, worse=0.9) for each in measures]
    portfolio = Portfolio(
        budget=1e9,
        own_hours=None,
        measures=tuple(each.id for each in measures[:16]),
        cost=1e6,
        hours=1e5,
        expected=1e4,
        effect=effects[0],
        without=BURDEN,
        looked_at=(),
        pairs=0,
        sets=1,
    )
    risks = [accepted(each, f"{name} " * 8, accepted_by=name) for each in many]
    road = [planned(each, "2026-Q1") for each in many]
    call = FundingCall(
        programme=name,
        call=name,
        source=name,
        as_of=TODAY,
        rate=name * 3,
        asks=tuple(Field(field=f"{name} {each}", number="own-hours") for each in many),
    )
    return paper(
        drawn(forecasts, measures, effects, portfolio),
        decided(risks, road, (call,) * 60),
        BEFORE,
    )
