"""What the paper puts into a field that an application asks for."""

from __future__ import annotations

from wardkeep.foresight.board.counted import span_counted
from wardkeep.foresight.board.paper import BoardPaper
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.paper.words import N_

ABOVE = {
    "neighbours": N_("page 1, neighbours"),
    "measures": N_("measures above"),
    "avoided": N_("measures above, late treatments avoided"),
    "made-worse": N_("measures above, last column"),
    "road-map": N_("road map above"),
    "risks-accepted": N_("box of accepted risks"),
    "guesses": N_("box of guesses"),
    "unknown": N_("box of what nobody knows"),
    "services-stopped": N_("page 1, services"),
}
"""Numbers that are whole tables of this paper: where they stand."""


def answer(paper: BoardPaper, number: str, spelling: Spelling) -> str:
    """Return the words for a number of governance.funding.NUMBERS."""
    say, found = spelling.say, paper.taken
    if number in ABOVE:
        return say(ABOVE[number])
    if number in {"euros-of-measures", "own-hours"}:
        return _cost(paper, number, spelling)
    together = {each.part: each.euros for each in found.euros}
    missing, unpriced = found.uncounted, found.unpriced
    words = {
        "patients-late": (
            N_("patients treated late: {span}"),
            span_counted(found.late, missing, spelling),
        ),
        "patient-hours": (
            N_("patient-hours of waiting: {span}"),
            span_counted(found.patient_hours, missing, spelling),
        ),
        "days-back": (
            N_("all servers on day {span}"),
            spelling.span_of_all_back(found.days_until_all_back),
        ),
        "euros-of-an-attack": (
            N_("euros an attack: {span}"),
            span_counted(together.get("together"), unpriced, spelling),
        ),
    }
    if number not in words:
        return say(N_("this paper has no number for it"))
    told, span = words[number]
    return say(told).format(span=span)


def _cost(paper: BoardPaper, number: str, spelling: Spelling) -> str:
    """Return what the best set costs, or else all that is on the road map, or each measure."""
    say = spelling.say
    if paper.best is not None and paper.best.bought is not None:
        costs, whose = [paper.best.bought.cost], say(N_("best set"))
    else:
        costs = [each.cost for each in paper.roadmap if each.cost is not None]
        whose = say(N_("road map"))
    if not costs:
        return say(N_("measures above, each"))
    if number == "own-hours":
        hours = spelling.exact(sum(each.own_hours for each in costs))
        return say(N_("{hours} h of own people ({whose})")).format(hours=hours, whose=whose)
    euros = spelling.exact(sum(each.euros for each in costs))
    return say(N_("{euros} euros ({whose})")).format(euros=euros, whose=whose)
