"""What must be known of anybody who comes through the door, each fact with who said it.

Rules kept here:
- Implants, dialysis and immunosuppression are problems sorted by ICD-10 code, else by a word of
  their text; immunosuppression and anticoagulants also orders by ATC code. What is printed is
  the text as sent with its source; the sorting is COMPUTED and a site can turn it off.
- NOT RECORDED is never "none": whoever reads it asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from wardkeep.chart.model import MedicationOrder, OrderState, PatientChart, Problem
from wardkeep.chart.schedule import ended_at
from wardkeep.chart.text import normal
from wardkeep.hospital.site import Site
from wardkeep.hospital.streams import Stream
from wardkeep.pack.freshness import Freshness
from wardkeep.pack.high_risk import ANTICOAGULANT, risk_of
from wardkeep.pack.identity import tell_allergy, tell_code_status
from wardkeep.pack.medication_lines import dose_of
from wardkeep.pack.pen import Pen
from wardkeep.pack.transfusion import transfusion
from wardkeep.paper.forms import Entry
from wardkeep.paper.words import N_

IMPLANTS = N_("Implants, COMPUTED")
DIALYSIS = N_("Dialysis, COMPUTED")
IMMUNOSUPPRESSION = N_("Immunosuppression, COMPUTED")

# ICD-10 (WHO, 2019): Z95-Z97 implants, Z45 their care; Z49, Z99.2 dialysis, N18.5/N18.6 its
# stage; B20-B24 HIV, D70 agranulocytosis, D80-D84 immunodeficiency, Z94 transplants.
_BY_CODE: Mapping[str, tuple[str, ...]] = {
    IMPLANTS: ("Z45", "Z95", "Z96", "Z97"),
    DIALYSIS: ("Z49", "Z992", "N185", "N186"),
    IMMUNOSUPPRESSION: ("B20", "B21", "B22", "B23", "B24", "D70", "D80", "D81", "D82", "D83",
                        "D84", "Z94"),
}  # fmt: skip
_BY_WORD: Mapping[str, tuple[str, ...]] = {
    IMPLANTS: ("pacemaker", "stimulateur", "schrittmacher", "defibril", "prothes", "prosthes",
               "stent", "implant"),
    DIALYSIS: ("dialys",),
    IMMUNOSUPPRESSION: ("transplant", "greff", "neutrop", "immunsup", "immunosup",
                        "immundef", "immunodef", "agranulo"),
}  # fmt: skip
# Long-term use of anticoagulants: Z92.1 (WHO), Z79.01 (ICD-10-CM).
_THINNED = ("Z921", "Z7901")
# ATC: immunosuppressants, cytostatics, systemic corticosteroids.
_SUPPRESSING = ("L04", "L01", "H02AB")
_ICD = re.compile(r"[A-Z][0-9]{2}[0-9A-Z.]*")
_STANDING = {OrderState.ACTIVE, OrderState.HELD}

Facts = list[tuple[str, list[Entry]]]


def known_facts(patient: PatientChart, site: Site, fresh: Freshness, pen: Pen) -> Facts:
    """Return each heading with its lines; no heading is ever without one."""
    return [
        (pen.say("Allergies, in full"), allergies_told(patient, fresh, pen)),
        (pen.say("Anticoagulants, COMPUTED"), anticoagulants(patient, site, fresh, pen)),
        (
            pen.say("Transfusion: ask the blood bank"),
            transfusion(patient, site.paper, fresh, pen),
        ),
        (pen.say(IMPLANTS), _sorted(IMPLANTS, patient, site, fresh, pen)),
        (pen.say(DIALYSIS), _sorted(DIALYSIS, patient, site, fresh, pen)),
        (pen.say(IMMUNOSUPPRESSION), _suppressed(patient, site, fresh, pen)),
        (pen.say("Code status"), code_status_told(patient, fresh, pen)),
    ]


def allergies_told(patient: PatientChart, fresh: Freshness, pen: Pen) -> list[Entry]:
    """Return every allergy with who said it, and who said that there are none."""
    known = patient.allergies
    told = [
        Entry(text=f"{tell_allergy(item, pen)} [{pen.said_by(item.source)}]", strong=True)
        for item in known.items
    ]
    none = [
        Entry(text=pen.say("NONE KNOWN says {source}", source=pen.said_by(source)))
        for source in known.none_known
    ]
    if told or none:
        return [*told, *none]
    ask = pen.say("ALLERGIES: NOT RECORDED: ASK")
    return [Entry(text=ask if fresh.fed(Stream.ALLERGIES) else pen.say("NOT FED"), strong=True)]


def anticoagulants(
    patient: PatientChart, site: Site, fresh: Freshness, pen: Pen
) -> list[Entry]:
    """Return standing orders of anticoagulants, and problems that tell of their use."""
    if not site.paper.sort_known_facts:
        return _not_computed(pen)
    orders = [
        each for each in _standing(patient, site, pen.now) if risk_of(each) == ANTICOAGULANT
    ]
    told = _orders(orders, pen) + _problems(_with_code(patient, _THINNED), pen)
    return told or _unsaid(fresh, Stream.MEDICATION_ORDERS, pen, N_("Anticoagulants: {state}"))


def code_status_told(patient: PatientChart, fresh: Freshness, pen: Pen) -> list[Entry]:
    """Return every code status with its source."""
    told = [
        Entry(text=f"{tell_code_status(each, pen)} [{pen.said_by(each.source)}]", strong=True)
        for each in patient.code_status
    ]
    return told or _unsaid(fresh, Stream.CODE_STATUS, pen)


def _sorted(
    title: str, patient: PatientChart, site: Site, fresh: Freshness, pen: Pen
) -> list[Entry]:
    if not site.paper.sort_known_facts:
        return _not_computed(pen)
    return _problems(problems_of(title, patient), pen) or _unsaid(fresh, Stream.PROBLEMS, pen)


def _suppressed(patient: PatientChart, site: Site, fresh: Freshness, pen: Pen) -> list[Entry]:
    if not site.paper.sort_known_facts:
        return _not_computed(pen)
    orders = [
        each
        for each in _standing(patient, site, pen.now)
        if each.drug.value.code.upper().startswith(_SUPPRESSING)
    ]
    told = _problems(problems_of(IMMUNOSUPPRESSION, patient), pen) + _orders(orders, pen)
    return told or _unsaid(fresh, Stream.PROBLEMS, pen)


def _standing(patient: PatientChart, site: Site, now: int) -> list[MedicationOrder]:
    return [
        order
        for order in patient.orders
        if order.state.value in _STANDING and ended_at(order, site.rules, now) is None
    ]


def problems_of(title: str, patient: PatientChart) -> list[Problem]:
    """Return the problems that stand under IMPLANTS, DIALYSIS or IMMUNOSUPPRESSION."""
    words = _BY_WORD[title]
    by_code = _with_code(patient, _BY_CODE[title])
    return [
        problem
        for problem in patient.problems
        if problem in by_code or any(word in normal(problem.coding.text) for word in words)
    ]


def _with_code(patient: PatientChart, codes: tuple[str, ...]) -> list[Problem]:
    return [
        problem
        for problem in patient.problems
        if _ICD.fullmatch(problem.coding.code.upper())
        and problem.coding.code.upper().replace(".", "").startswith(codes)
    ]


def _problems(problems: Iterable[Problem], pen: Pen) -> list[Entry]:
    return [
        Entry(
            text=f"{pen.coded(each.coding)} ({pen.sent(each.coding.code)})"
            + ("" if each.active else f" {pen.say('no longer active')}")
            + f" [{pen.said_by(each.source)}]",
            strong=True,
        )
        for each in problems
    ]


def _orders(orders: Iterable[MedicationOrder], pen: Pen) -> list[Entry]:
    return [
        Entry(
            text=f"{pen.coded(each.drug.value)} {dose_of(each, pen)}"
            f" [{pen.said_by(each.drug.source)}]",
            strong=True,
        )
        for each in orders
    ]


def _unsaid(fresh: Freshness, stream: Stream, pen: Pen, words: str = "") -> list[Entry]:
    state = fresh.unsaid(stream)
    # Not bold: among so much that nobody recorded, what is known must meet the eye.
    return [Entry(text=pen.say(words, state=state) if words else state)]


def _not_computed(pen: Pen) -> list[Entry]:
    told = pen.say("NOT COMPUTED: read the problems and the orders")
    return [Entry(text=told, strong=True)]
