"""What `wardkeep foresee` says on the terminal: never a point without its range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wardkeep.foresight.board.spelling import HORIZON_DAYS
from wardkeep.paper.visible import on_a_terminal

if TYPE_CHECKING:
    from wardkeep.app.foreseeing import Foreseen
    from wardkeep.app.kept_forecasts import Kept
    from wardkeep.foresight.figures import Range
    from wardkeep.foresight.measures import Burden, Effect
    from wardkeep.foresight.neighbours import NeighbourHit
    from wardkeep.foresight.portfolio import Portfolio
    from wardkeep.foresight.summary import Forecast, ServiceForecast

_SERVICES_SHOWN = 12
_FEW = 30
"""Of fewer attacks, a tenth is made of less than three."""
_UNKNOWN = "NOT RECORDED"
_CHANNELS = {
    "infection": "the attacker stands at its door (infection)",
    "credentials": "a password that it shares is stolen (credentials)",
    "dependency": "it is without what it needs of us (dependency)",
    "disconnection": "links are cut in defence (disconnection)",
}


def lines(found: Foreseen) -> Iterator[str]:
    """Yield a forecast, names from the map and from the measures made harmless."""
    for each in found.forecasts:
        yield from _forecast(each)
    if found.effects and found.without:
        yield from _effects(found.effects, found.without)
    if found.portfolio:
        yield from _portfolio(found.portfolio)
    guesses = ", ".join(found.guesses)
    yield f"\nGuessed, not measured: {guesses}. docs/forecast-numbers.md says what each is."


def three(found: Range | None, places: int = 0) -> str:
    """Return a range as lower tenth / middle / upper tenth."""
    if found is None:
        return _UNKNOWN
    numbers = (found.p10, found.p50, found.p90)
    return " / ".join(f"{each:,.{places}f}" for each in numbers)


def _forecast(found: Forecast) -> Iterator[str]:
    share = _share(found.detonates, found.replicas)
    yield (
        f"\nWAY IN: {_name(found.entry)} ({found.replicas} attacks drawn, seed {found.seed})"
    )
    yield f"  {found.machines_on_map:,} machines, drawn as {found.groups:,}: alike ones as one"
    yield f"  it encrypts in {share} of them"
    yield f"  as a worm, in {_share(found.by_worm, found.replicas)}; by people, in the others"
    if found.euros is None:
        return
    yield f"  days inside before it:    {_days(found.hours_to_detonation)}"
    if (count := round(found.detonates * found.replicas)) < _FEW:
        yield f"  ONLY {count} of them encrypt: too few for tenths; draw more with --replicas"
    yield "  then, each in the lower tenth / middle / upper tenth:"
    yield f"  servers lost:             {three(found.servers)}"
    yield f"  machines lost:            {three(found.machines)}"
    yield f"  days until all are back:  {three(found.days_until_all_back, 1)}"
    yield f"  within {HORIZON_DAYS} days, patients"
    yield f"  not treated when due:     {three(found.patients)}{_but(found.no_volume)}"
    yield f"  of them late over a day:  {three(found.late)}"
    yield f"  while diverted or closed: {three(found.elsewhere)}"
    yield f"  patient-hours waited:     {three(found.patient_hours)}"
    euros = three(found.euros["together"])
    yield f"  euros:                    {euros}{_but(found.no_revenue)}"
    yield from _ways(found, count)
    yield from _services(found.services, count)
    yield from _neighbours(found.neighbours, found.replicas)


def _ways(found: Forecast, count: int) -> Iterator[str]:
    from wardkeep.foresight.way_words import in_words

    for way in found.ways:
        steps = " > ".join(_name(in_words(each, str)) for each in way.steps)
        yield f"  path, in {_share(way.share, count)} of these: {steps}"


def _services(services: Sequence[ServiceForecast], count: int) -> Iterator[str]:
    yield f"  {'service':<32} {'stopped':>14}  days until in full    patients late over a day"
    worst = sorted(services, key=lambda each: (each.late is not None, -_middle(each.late)))
    for each in worst[:_SERVICES_SHOWN]:
        lost, days = _share(each.lost, count), _days(each.full_again)
        yield f"  {_name(each.name)[:32]:<32} {lost:>14}  {days:<21} {three(each.late)}"
    if len(worst) > _SERVICES_SHOWN:
        yield f"  and {len(worst) - _SERVICES_SHOWN} services more: --json tells them"


def _middle(found: Range | None) -> float:
    return found.p50 if found else 0.0


def _neighbours(hits: Sequence[NeighbourHit], count: int) -> Iterator[str]:
    for each in hits:
        share = f"{_UNKNOWN} how many" if each.share is None else _share(each.share, count)
        hours = f", days without {_days(each.hours)}" if each.hours else ""
        name = _name(each.name or each.neighbour)
        yield f"  {name}: {_CHANNELS[each.channel]} in {share} of the attacks{hours}"


def _effects(effects: Sequence[Effect], without: Burden) -> Iterator[str]:
    yield "\nMEASURES, over all ways in; the same attacks with and without each (95 %)"
    yield (
        f"  without any, in the mean of {without.attacks:,} attacks that are tried, of which"
        f" {without.detonates:.0%} encrypt: {_patients(without)},"
        f" {without.euros:,.0f} +- {without.euros_error:,.0f} euros"
    )
    for each in sorted(effects, key=lambda each: -each.patient_hours):
        cost = f"{each.cost:,.0f} euros and {each.hours:,.0f} h of own people"
        yield f"  {_name(each.name)}: {cost}; changes {each.changed} items"
        yield from _effect(each)


def _patients(told: Burden | Effect) -> str:
    if not told.counted:
        return f"patients {_UNKNOWN}"
    return (
        f"{told.late:,.0f} +- {told.late_error:,.0f} patients late,"
        f" {told.patient_hours:,.0f} +- {told.patient_hours_error:,.0f} patient-hours"
    )


def _effect(each: Effect) -> Iterator[str]:
    yield (
        f"    avoided in one attack: {_patients(each)},"
        f" {each.euros:,.0f} +- {each.euros_error:,.0f} euros; fewer attacks encrypt:"
        f" {each.detonations:.1%} +- {each.detonations_error:.1%}"
    )
    yield f"    {_worth(each)}"
    if each.worse:
        worse = _share(each.worse, each.replicas)
        yield f"    in {worse} of the attacks patients wait longer with it"


def _worth(each: Effect) -> str:
    if not each.changed and not each.patient_hours and not each.euros:
        return "nothing of this map is changed by it: is what it guards on the map?"
    if not each.counted:
        return f"what a patient-hour costs is {_UNKNOWN}, as the patients are"
    least, most = each.euros_a_patient_hour_least, each.euros_a_patient_hour_most
    if each.euros_a_patient_hour is not None:
        return (
            f"{each.euros_a_patient_hour:,.2f} euros ({least:,.2f} to {most:,.2f})"
            " for each patient-hour avoided"
        )
    if each.patient_hours < -each.patient_hours_error:
        return "IT MAKES THINGS WORSE: patients surely wait longer with it"
    return "nothing sure is avoided; draw more attacks, or it buys nothing here"


def _portfolio(found: Portfolio) -> Iterator[str]:
    hours = "" if found.own_hours is None else f" and {found.own_hours:,.0f} h of own people"
    yield f"\nTHE BEST SET for {found.budget:,.0f} euros{hours}"
    if found.effect is None:
        yield "  none: no measure that can be paid surely avoids patient-hours"
        return
    names = ", ".join(map(_name, found.measures))
    yield f"  {names}: {found.cost:,.0f} euros and {found.hours:,.0f} h of own people"
    if found.without:
        yield f"    of what attacks cost without any measure: {_patients(found.without)}"
    yield from _effect(found.effect)
    yield (
        f"    (drawn anew with other attacks; the best of {found.sets} sets, looked for by"
        f" {len(found.looked_at)} measures and {found.pairs} pairs of them)"
    )


def _but(services: Sequence[str]) -> str:
    """Say how many services a sum does not hold since the map does not tell it of them."""
    if not services:
        return ""
    return f" (of {len(services)} services {_UNKNOWN} on the map, not in it)"


def _days(hours: Range | None) -> str:
    if hours is None:
        return _UNKNOWN
    return " / ".join(_day(each / 24) for each in (hours.p10, hours.p50, hours.p90))


def _day(days: float) -> str:
    """Return days; what is not back within the horizon is no day at all."""
    return f"{HORIZON_DAYS}+" if days >= HORIZON_DAYS else f"{days:.1f}"


def _share(share: float | None, count: int) -> str:
    """Return a share with what drawing leaves open of it: 19 % (15 to 23)."""
    from wardkeep.foresight.board.certainty import share_of

    if share is None:
        return _UNKNOWN
    told = share_of(share, count)
    return f"{told.share:.0%} ({told.low * 100:.0f} to {told.high * 100:.0f})"


def _name(text: str) -> str:
    return on_a_terminal(text)


def off_the_page(kept: Kept) -> str:
    """Say what its page told of measures and tells no more; empty where nothing is lost."""
    before, found = kept.replaced, kept.found
    if before is None:
        return ""
    lost = []
    if before.bought and not found.effects:
        count = len(before.bought)
        lost.append(f"{count} {'measure' if count == 1 else 'measures'}")
    words = "--measures FILE"
    if before.best is not None and found.portfolio is None:
        lost.append(f"the best set for {before.best.budget:,.0f} euros")
        words += f" --budget {before.best.budget:.0f}"
        if (hours := before.best.own_hours) is not None:
            words += f" --own-hours {hours:.0f}"
    if not lost:
        return ""
    return (
        f"/map/forecast had {' and '.join(lost)}, of the forecast of {before.made} over the"
        f" same map; this one is kept in its place, without. To have them there again:"
        f" wardkeep foresee DIR {words}"
    )
