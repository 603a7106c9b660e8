"""A forecast as tables for other tools: a spreadsheet, MONARC, and an EBIOS RM workshop.

MONARC (NC3 Luxembourg) imports information risks, operational risks and recommendations into
the knowledge base of an analysis from CSV, by the English names of columns that its import
window shows. It takes no likelihood or impact there, so the numbers stand in the descriptions,
beside a level on MONARC's usual scale of 0 to 4. Every column is filled: it has refused rows
with empty ones (its issue 484).

EBIOS RM (ANSSI): workshops 3 and 4, a row for each way in and each service that it stops.
Severity G1 to G4 and likelihood V1 to V4 carry ANSSI's names; the limits between them are this
file's own, a guess that the sheet shows, and the numbers stand beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from wardkeep.foresight.board.certainty import mean_with, share_of
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.foresight.figures import Range
from wardkeep.foresight.measures import Effect
from wardkeep.foresight.portfolio import Portfolio
from wardkeep.foresight.summary import Forecast, ServiceForecast
from wardkeep.foresight.way_words import in_words
from wardkeep.paper.words import N_

Row = Mapping[str, str]


class Drawn(NamedTuple):
    """Over which map and with which seed: on every row, since tables travel without files."""

    map_as_of: str
    fingerprint: str
    seed: int


_THEME = N_("Unauthorised actions")
_THREAT = N_("Encryption by an attacker who came in (ransomware)")
_VITAL = frozenset({"emergency", "intensive care", "theatres", "dialysis"})
_OFTEN = 0.5
_LIKELY = ((0.1, "V1"), (0.33, "V2"), (0.66, "V3"))
"""A share of attacks by one way in that end in encryption; from the last on, V4."""
_LATE = ((1.0, "G1"), (100.0, "G2"), (1_000.0, "G3"))
"""Patients late in the middle of the attacks; from the last on, G4."""
_LIKELIHOOD: Mapping[str, str] = {
    "V1": N_("V1 unlikely"),
    "V2": N_("V2 likely"),
    "V3": N_("V3 very likely"),
    "V4": N_("V4 nearly certain"),
}
_SEVERITY: Mapping[str, str] = {
    "G1": N_("G1 minor"),
    "G2": N_("G2 significant"),
    "G3": N_("G3 serious"),
    "G4": N_("G4 critical"),
}
_LIMITS = N_(
    "limits of V: 10, 33 and 66 % of the attacks by this way in end in encryption; of G: 1, 100"
    " and 1,000 patients late, G4 too where emergency, intensive care, theatres or dialysis"
    " close in half of them: a guess, to be set by the workshop"
)


def services_table(forecasts: Sequence[Forecast], drawn: Drawn) -> list[Row]:
    """Return a row for each way in and service, numbers as they are, for a spreadsheet."""
    return [
        {
            "way in": forecast.entry,
            "encrypts": f"{forecast.detonates:.4f}",
            "service": each.service,
            "name": each.name,
            "role": each.role,
            **_lost(each),
            **_origin(drawn),
        }
        for forecast in forecasts
        for each in forecast.services
    ]


def measures_table(
    effects: Sequence[Effect], portfolio: Portfolio | None, drawn: Drawn
) -> list[Row]:
    """Return a row for each measure: its cost, what it avoids, and where it is worse."""
    chosen = portfolio.measures if portfolio else ()
    return [
        {
            "measure": each.measure,
            "name": each.name,
            "euros": f"{each.cost:.0f}",
            "hours of own people": f"{each.hours:.0f}",
            "patients late avoided": f"{each.late:.1f}",
            "+- (95 %)": f"{each.late_error:.1f}",
            "patient-hours avoided": f"{each.patient_hours:.1f}",
            "+- patient-hours": f"{each.patient_hours_error:.1f}",
            "euros avoided": f"{each.euros:.0f}",
            "+- euros": f"{each.euros_error:.0f}",
            "share made worse": f"{each.worse:.4f}",
            "euros a patient-hour": _or_unknown(each.euros_a_patient_hour),
            "in the best set": "" if portfolio is None else str(each.measure in chosen),
            **_origin(drawn),
        }
        for each in effects
    ]


def monarc_information_risks(
    forecasts: Sequence[Forecast], spelling: Spelling, drawn: Drawn
) -> list[Row]:
    """Return rows for MONARC, `Information risks`: a service, a threat, a way in."""
    return [
        {
            "asset code": _code(each.service),
            "asset label": each.name,
            "asset description": _what_happens(each, back, spelling),
            "threat code": "WK-ENCRYPTION",
            "threat label": spelling.say(_THREAT),
            "threat description": _threat(forecast, spelling, drawn),
            "threat c": "0",
            "threat i": "0",
            "threat a": "1",
            "threat theme": spelling.say(_THEME),
            "vulnerability code": _code(forecast.entry),
            "vulnerability label": _way_in(forecast, spelling),
            "vulnerability description": _how_often(forecast, spelling, with_paths=True),
        }
        for forecast in forecasts
        for each, back in _stopped(forecast)
    ]


def monarc_operational_risks(forecasts: Sequence[Forecast], spelling: Spelling) -> list[Row]:
    """Return rows for MONARC, `Operational risks`: a service by the way in that delays most."""
    worst: dict[str, tuple[Forecast, ServiceForecast, Range]] = {}
    for forecast in forecasts:
        for each, back in _stopped(forecast):
            before = worst.get(each.service)
            if before is None or back.p50 > before[2].p50:
                worst[each.service] = forecast, each, back
    return [
        {
            "code": _code(service),
            "label": spelling.say(N_("{name} works without its systems")).format(
                name=each.name
            ),
            "description": (
                f"{_what_happens(each, back, spelling)}. {_how_often(forecast, spelling)}"
            ),
            "tags": "Wardkeep",
        }
        for service, (forecast, each, back) in worst.items()
    ]


def monarc_recommendations(
    effects: Sequence[Effect], portfolio: Portfolio | None, spelling: Spelling
) -> list[Row]:
    """Return rows for MONARC, `Recommendations`: importance 3 in the best set, 1 if unsure."""
    chosen = portfolio.measures if portfolio else ()
    return [
        {
            "code": _code(each.measure),
            "description": f"{each.name}: {_what_it_buys(each, spelling)}",
            "importance": _importance(each, chosen),
        }
        for each in effects
    ]


def ebios_scenarios(
    forecasts: Sequence[Forecast], spelling: Spelling, drawn: Drawn
) -> list[Row]:
    """Return a row for each way in and each service that it stops."""
    return [
        {
            spelling.say(N_("Risk source")): spelling.say(N_("Criminals who extort")),
            spelling.say(N_("Objective")): spelling.say(
                N_("Encrypt the systems, and be paid for the key")
            ),
            spelling.say(N_("Business asset")): each.name,
            spelling.say(N_("Feared event")): _what_happens(each, back, spelling),
            spelling.say(N_("Severity")): _severity(each, spelling),
            spelling.say(N_("Strategic scenario")): _way_in(forecast, spelling),
            spelling.say(N_("Operational scenario")): _paths(forecast, spelling),
            spelling.say(N_("Likelihood")): spelling.say(_LIKELIHOOD[likelihood(forecast)]),
            spelling.say(
                N_("Basis")
            ): f"{_how_often(forecast, spelling)}; {spelling.say(_LIMITS)}",
            spelling.say(N_("Map as of")): spelling.moment(drawn.map_as_of),
        }
        for forecast in forecasts
        for each, back in _stopped(forecast)
    ]


def likelihood(forecast: Forecast) -> str:
    """Return V1 to V4 by the share of attacks that end in encryption."""
    return next((level for limit, level in _LIKELY if forecast.detonates < limit), "V4")


def severity(service: ServiceForecast) -> str | None:
    """Return G1 to G4 by the patients late, and by a vital service that closes often.

    None where the map does not count its patients, or no attack encrypts.
    """
    often = service.lost is not None and service.lost >= _OFTEN
    if often and service.role in _VITAL:
        return "G4"
    if service.late is None:
        return None
    late = service.late.p50
    return next((level for limit, level in _LATE if late < limit), "G4")


def _severity(each: ServiceForecast, spelling: Spelling) -> str:
    level = severity(each)
    return spelling.say(N_("NOT RECORDED") if level is None else _SEVERITY[level])


def _stopped(forecast: Forecast) -> Iterator[tuple[ServiceForecast, Range]]:
    """Yield what no longer works in full, and the hours until it does again."""
    for each in forecast.services:
        if each.full_again and each.not_full and each.not_full.p90 > 0:
            yield each, each.full_again


def _what_happens(each: ServiceForecast, back: Range, spelling: Spelling) -> str:
    days = " / ".join(spelling.three_days(back))
    told = spelling.say(N_("in full again on day {days}")).format(days=days)
    if each.late is None:
        return f"{told}, {spelling.say(N_('patients NOT RECORDED'))}"
    late = spelling.say(N_("{late} patients late by more than a day")).format(
        late=_three(each.late, spelling)
    )
    return f"{told}, {late} (p10 / p50 / p90)"


def _how_often(forecast: Forecast, spelling: Spelling, *, with_paths: bool = False) -> str:
    told = spelling.say(
        N_("{share} of {count} drawn attacks encrypt (likelihood {level} of 4)")
    ).format(
        share=spelling.share(share_of(forecast.detonates, forecast.replicas)),
        count=spelling.exact(forecast.replicas),
        level=likelihood(forecast)[1],
    )
    return f"{told}. {_paths(forecast, spelling)}" if with_paths else told


def _what_it_buys(each: Effect, spelling: Spelling) -> str:
    told = N_("{euros} euros, {hours} h of own people; avoids {late} patients late")
    return spelling.say(told).format(
        euros=spelling.exact(each.cost),
        hours=spelling.exact(each.hours),
        late=spelling.mean(mean_with(each.late, each.late_error)),
    )


def _threat(forecast: Forecast, spelling: Spelling, drawn: Drawn) -> str:
    return f"{_how_often(forecast, spelling)}. {_as_of(spelling, drawn)}"


def _as_of(spelling: Spelling, drawn: Drawn) -> str:
    told = spelling.say(N_("Map as of {moment}"))
    return told.format(moment=spelling.moment(drawn.map_as_of))


def _importance(each: Effect, chosen: Sequence[str]) -> str:
    if each.measure in chosen:
        return "3"
    return "1" if each.euros_a_patient_hour is None else "2"


def _way_in(forecast: Forecast, spelling: Spelling) -> str:
    return spelling.say(N_("Way in: {name}")).format(name=forecast.entry)


def _paths(forecast: Forecast, spelling: Spelling) -> str:
    ways = (
        (way.share, (in_words(each, spelling.say) for each in way.steps))
        for way in forecast.ways
    )
    return "; ".join(
        f"{spelling.exact(share * 100)} %: {' > '.join(steps)}" for share, steps in ways
    )


def _code(name: str) -> str:
    return f"WK-{name}"


def _origin(drawn: Drawn) -> dict[str, str]:
    return {
        "map as of": drawn.map_as_of,
        "map": drawn.fingerprint,
        "seed": str(drawn.seed),
    }


def _lost(each: ServiceForecast) -> dict[str, str]:
    """Return what a service loses, or why nothing can be said of it."""
    why_not = "NO ATTACK ENCRYPTS" if each.lost is None else "NOT RECORDED"
    return {
        "lost": why_not if each.lost is None else f"{each.lost:.4f}",
        **_columns("days until in full", _in_days(each.full_again), why_not),
        **_columns("patients not treated", each.patients, why_not),
        **_columns("patients late", each.late, why_not),
        **_columns("patient-hours", each.patient_hours, why_not),
        **_columns("euros of revenue", each.euros, why_not),
    }


def _columns(name: str, given: Range | None, why_not: str) -> dict[str, str]:
    if given is None:
        return {f"{name} {each}": why_not for each in ("p10", "p50", "p90")}
    return {
        f"{name} p10": f"{given.p10:.2f}",
        f"{name} p50": f"{given.p50:.2f}",
        f"{name} p90": f"{given.p90:.2f}",
    }


def _in_days(hours: Range | None) -> Range | None:
    return hours and Range(hours.p10 / 24, hours.p50 / 24, hours.p90 / 24)


def _three(given: Range, spelling: Spelling) -> str:
    return " / ".join(spelling.three(given))


def _or_unknown(number: float | None) -> str:
    return "NOT SURE" if number is None else f"{number:.2f}"
