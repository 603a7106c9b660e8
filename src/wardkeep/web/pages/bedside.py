"""Is the chart right at the bedside? Three facts of a ward, and what differed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from litestar import Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from wardkeep.access.permission import Permission
from wardkeep.bedside import decide
from wardkeep.bedside.accuracy import Accuracy
from wardkeep.bedside.decide import Drawn, Settling
from wardkeep.bedside.errors import CheckTooOldError
from wardkeep.bedside.events import Cause, FactKind, Finding
from wardkeep.bedside.facts import Fact, facts_of
from wardkeep.bedside.state import Checks, Difference
from wardkeep.chart.model import Dose, MedicationOrder, PatientChart
from wardkeep.chart.ports import WardSummary
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.errors import WardkeepError
from wardkeep.web import bedside_form, bedside_words
from wardkeep.web.board import bed_of
from wardkeep.web.doors import needs
from wardkeep.web.due import DuesTold, told
from wardkeep.web.pages.overview import accuracies
from wardkeep.web.pages.quarantine import number
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.standing import Standing, standing_in

# A page, not an archive: the newest stand first, and how many there are is said.
_MOST_SHOWN = 50
_STATUS = {
    "bedside-not-answered": 422,
    "bedside-nothing-said": 422,
    "bedside-too-old": 409,
    "bedside-not-different": 409,
}
"""How a refusal is answered, by its code; what the ledger did not take is 503."""


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why answers were not recorded, and those of facts that are asked no more.

    `lost` holds a fact that the form had and the next one has not, with its answer if any;
    `others`: none of the facts that were asked is asked again.
    """

    problem: str
    status: int
    lost: tuple[tuple[Fact, Finding | None], ...] = ()
    others: bool = False


class FactShown(msgspec.Struct, frozen=True, kw_only=True):
    """A fact with what the chart holds of it."""

    fact: Fact
    patient: PatientChart
    bed: str
    order: MedicationOrder | None = None
    dose: Dose | None = None
    due: DuesTold = DuesTold()


@get("/bedside", opt=needs(Permission.SEE_OVERVIEW), sync_to_thread=True)
def bedside(screen: Asked) -> Response[bytes]:
    """Show what differed and how each ward stands; after an answer, say first what was kept.

    Recorded as a look at whom the differences lead to.
    """
    return _page(screen)


@get("/bedside/check", opt=needs(Permission.CHECK_BEDSIDE), sync_to_thread=True)
def check(screen: Asked) -> Response[bytes]:
    """Ask three facts of the ward ?code=; recorded as a look at their patients."""
    code = screen.parameter("code")
    patients = screen.deps.charts.ward(code)
    if not patients and screen.deps.charts.summary(code) is None:
        raise NotFoundException
    return _ask(screen, code, patients)


# Paths of their own: see web.pages.quarantine.
@post("/bedside/answer", opt=needs(Permission.CHECK_BEDSIDE))
async def answer_check(screen: Asked) -> Response[bytes]:
    """Record what was found, once; then say how the ward stands."""
    form = await screen.form()
    drawn = bedside_form.opened(str(form.get("drawn", "")), screen.deps.browser_secret)
    if drawn is None or drawn.by != screen.who:
        raise NotFoundException
    findings = _findings(form, drawn)

    def record() -> None:
        checks = screen.deps.bedside.checks()
        events = decide.answer(checks, drawn, findings, screen.who, screen.now)
        if events:
            screen.deps.bedside.record(events)

    try:
        await screen.in_thread(record)
    except WardkeepError as fault:
        refused, old = _refused(screen, fault), isinstance(fault, CheckTooOldError)
        return await screen.in_thread(lambda: _again(screen, drawn, findings, refused, old=old))
    return Redirect(screen.to("/bedside", done=drawn.check), status_code=303)


@post("/bedside/settle", opt=needs(Permission.SETTLE_BEDSIDE))
async def settle_difference(screen: Asked) -> Response[bytes]:
    """Record what was done about a difference, once; then list what is left."""
    form = await screen.form()
    cause = str(form.get("cause", ""))
    if cause not in set(Cause):
        raise NotFoundException
    said = Settling(
        check=str(form.get("check", "")),
        place=number(str(form.get("place", "0"))),
        cause=Cause(cause),
        done=str(form.get("done", "")),
        feed=_feed(screen, str(form.get("feed", ""))),
    )

    def record() -> None:
        book = screen.deps.bedside
        book.record(decide.settle(book.checks(), said, screen.who, screen.now))

    try:
        await screen.in_thread(record)
    except WardkeepError as fault:
        refused = _refused(screen, fault)
        return await screen.in_thread(lambda: _page(screen, refused))
    return Redirect("/bedside", status_code=303)


def _refused(screen: Screen, fault: WardkeepError) -> Refused:
    words = bedside_words.REFUSALS.get(fault.code, fault.remedy)
    return Refused(problem=screen.translate(words), status=_STATUS.get(fault.code, 503))


def _feed(screen: Screen, name: str) -> str:
    return name if name in {feed.name for feed in screen.deps.site.feeds} else ""


def _findings(form: FormMultiDict, drawn: Drawn) -> dict[int, Finding]:
    asked = {place: str(form.get(f"f{place}", "")) for place in range(len(drawn.facts))}
    return {place: Finding(word) for place, word in asked.items() if word in set(Finding)}


def _again(
    screen: Screen,
    drawn: Drawn,
    findings: Mapping[int, Finding],
    refused: Refused,
    *,
    old: bool,
) -> Response[bytes]:
    """Ask again what still stands so, with its answers; say which answers are of no use now."""
    patients = screen.deps.charts.ward(drawn.ward)
    standing = standing_in(screen.deps.charts, screen.now, drawn.ward)
    still = () if old else _facts(patients, standing, screen.now)
    kept = [place for place, fact in enumerate(drawn.facts) if fact in still]
    lost = [
        (fact, findings.get(place))
        for place, fact in enumerate(drawn.facts)
        if place not in kept
    ]
    refused = msgspec.structs.replace(refused, lost=tuple(lost), others=not kept)
    if not kept:
        return _ask(screen, drawn.ward, patients, refused)
    mine = {new: findings[place] for new, place in enumerate(kept) if place in findings}
    rest = msgspec.structs.replace(drawn, facts=tuple(drawn.facts[place] for place in kept))
    return _form(screen, rest, patients, mine, refused)


def _ask(
    screen: Screen, ward: str, patients: Sequence[PatientChart], refused: Refused | None = None
) -> Response[bytes]:
    standing = standing_in(screen.deps.charts, screen.now, ward)
    # A box that follows records nothing, so it asks nothing.
    facts = () if screen.following else _facts(patients, standing, screen.now)
    checks, secret = screen.deps.bedside.checks(), screen.deps.browser_secret
    drawn = bedside_form.drawn_for(facts, ward, screen.who, checks, secret, screen.now)
    return _form(screen, drawn, patients, {}, refused)


def _facts(patients: Sequence[PatientChart], standing: Standing, now: int) -> tuple[Fact, ...]:
    fed = frozenset(stream for stream in Stream if standing.fed(stream))
    return tuple(fact for patient in patients for fact in facts_of(patient, fed, now))


def _form(
    screen: Screen,
    drawn: Drawn,
    patients: Sequence[PatientChart],
    findings: Mapping[int, Finding],
    refused: Refused | None,
) -> Response[bytes]:
    ward = drawn.ward
    screen.looked("bedside check", (fact.record for fact in drawn.facts), f"ward {ward}")
    declared = screen.boards.declared(ward)
    by_record = {patient.record: patient for patient in patients}
    return screen.page(
        "bedside_check.html",
        {
            "ward": ward,
            "standing": standing_in(screen.deps.charts, screen.now, ward),
            "drawn": drawn,
            "sealed": bedside_form.sealed(drawn, screen.deps.browser_secret),
            "facts": [_shown(screen, fact, by_record[fact.record]) for fact in drawn.facts],
            "findings": findings,
            "told": bedside_words,
            "refused": refused,
            "checks": screen.deps.bedside.checks(),
            "accuracy": screen.deps.bedside.accuracy(screen.now).get(ward),
            "computed": screen.deps.site.rules.compute_next_due
            and (declared is None or declared.next_due),
        },
        status=refused.status if refused else 200,
    )


def _shown(screen: Screen, fact: Fact, patient: PatientChart) -> FactShown:
    order = next((each for each in patient.orders if each.order == fact.order), None)
    due = DuesTold()
    if order is not None and fact.kind is FactKind.DOSE_DUE:
        here = patient.current
        ward = here.location.value.ward if here and here.location else ""
        dues = screen.dues.dues_of(patient, screen.boards.due_rules(ward), screen.now)
        due = told([each for each in dues if each.order == fact.order], screen.now)
    return FactShown(
        fact=fact,
        patient=patient,
        bed=bed_of(patient),
        order=order if fact.order else None,
        dose=next(
            (each for each in patient.doses if fact.dose and each.dose == fact.dose), None
        ),
        due=due,
    )


def _page(screen: Screen, refused: Refused | None = None) -> Response[bytes]:
    charts, book = screen.deps.charts, screen.deps.bedside
    checks = book.checks()
    waiting, settled = book.waiting(), checks.done()
    wards, known = charts.wards(), accuracies(screen)
    asks = Permission.CHECK_BEDSIDE in screen.visitor.may and not screen.following
    shown = waiting[: -_MOST_SHOWN - 1 : -1]
    patients = _patients(screen, shown)
    screen.looked("bedside differences", sorted(set(patients.values())))
    done = checks.checked.get(screen.parameter("done"))
    return screen.page(
        "bedside.html",
        {
            "standing": standing_in(charts, screen.now),
            "wards": wards,
            "asks": asks,
            "lines": _lines(wards, known, checks.bare, asks=asks),
            "checks": checks,
            "accuracies": known,
            "waiting": shown,
            "all_waiting": len(waiting),
            "patients": patients,
            "settled": settled[:_MOST_SHOWN],
            "all_settled": len(settled),
            "sent": done,
            "told": bedside_words,
            "feeds": [feed.name for feed in screen.deps.site.feeds],
            "refused": refused,
        },
        status=refused.status if refused else 200,
    )


def _lines(
    wards: Sequence[WardSummary], known: Mapping[str, Accuracy], checks: Checks, *, asks: bool
) -> dict[str, dict[str, object]]:
    """Return by ward what its row tells (web.kept_rows)."""
    return {
        ward.ward: {
            "ward": ward.ward,
            "name": ward.name,
            "accuracy": known.get(ward.ward),
            "checks": checks,
            "asks": asks,
        }
        for ward in wards
    }


def _patients(screen: Screen, waiting: Sequence[Difference]) -> dict[int, str]:
    """Return whom the message of an entry is of, for whoever may open patients.

    No event names a patient (bedside.events). A message about two people leads to none.
    """
    if Permission.SEE_PATIENTS not in screen.visitor.may:
        return {}
    entries = {each.found.entry for each in waiting if each.found.entry}
    spoken = {entry: screen.deps.charts.spoken_of(entry) for entry in entries}
    return {entry: records[0] for entry, records in spoken.items() if len(records) == 1}
