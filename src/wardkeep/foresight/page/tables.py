"""The tables of the forecast's page that a board paper has no room for, in words."""

from __future__ import annotations

from collections.abc import Mapping

from wardkeep.foresight.board.front import late_words, role_words, services_note, way_words
from wardkeep.foresight.board.paper import BackOnDay, Taken
from wardkeep.foresight.board.room import Room, kept
from wardkeep.foresight.board.spelling import HORIZON_DAYS, Spelling
from wardkeep.foresight.figures import Range
from wardkeep.foresight.page.whole import ServiceHours, WayForecast, WholeForecast
from wardkeep.foresight.way_words import in_words
from wardkeep.paper.board_form import Box, Column, TableBlock
from wardkeep.paper.words import N_

PAGE = Room(100, 100, 40, 13, 200, 0, 30, 0, 6, 60, 110, 0.0)
"""What the page has room for; the rest is counted below each list."""
BEST = PAGE._replace(measure=40)
"""The same on paper for the sentence on the best set, which names up to 16 measures."""
MODE_WORDS: Mapping[str, str] = {
    "degraded": N_("DEGRADED"),
    "paper": N_("ON PAPER"),
    "diverted": N_("DIVERTED"),
    "closed": N_("CLOSED"),
}
_HORIZON_HOURS = 24 * HORIZON_DAYS


def ways(last: WholeForecast, spelling: Spelling) -> TableBlock:
    """Return a row a way in: how often it encrypts, how soon, whom it delays."""
    say = spelling.say
    return TableBlock(
        title=say(N_("How often it gets so far")),
        columns=(
            Column(say(N_("Way in that is tried")), "left", 1),
            Column(say(N_("encrypts in")), "right", 0),
            Column(say(N_("as a worm in")), "right", 0),
            Column(say(N_("hours inside before it encrypts")), "right", 0),
            Column(say(N_("patients treated late, if it encrypts")), "right", 0),
        ),
        rows=tuple(_way(each, spelling) for each in last.ways),
        note=say(
            N_(
                "In brackets 95 % of what drawing leaves open. How often an attack is tried:"
                " NOT KNOWN."
            )
        ),
    )


def _way(each: WayForecast, spelling: Spelling) -> tuple[str, ...]:
    none = spelling.say(N_("NOT KNOWN: none encrypts"))
    taken = each.taken
    return (
        way_words(each.way, spelling, PAGE.name),
        spelling.share(each.way.encrypts),
        spelling.share(each.by_worm),
        none if taken is None else _hours(each.hours_to_detonation, spelling),
        none if taken is None else spelling.span(taken.late),
    )


def care(way: WayForecast, taken: Taken, spelling: Spelling) -> TableBlock:
    """Return a row a service: when it is back, how it works till then, who waits, euros."""
    say = spelling.say
    shown, left = kept(taken.services, PAGE.services)
    heads = (
        N_("stops altogether in"),
        N_("back in full on day; hours in each mode until then"),
        N_("treated late"),
        N_("hours that patients wait"),
        N_("euros of revenue"),
    )
    how = say(
        N_(
            "Hours in a mode: within {days} days. Degraded: it works worse."
            " On paper: by hand. Diverted: patients go elsewhere. Closed: nobody is treated."
        )
    ).format(days=HORIZON_DAYS)
    return TableBlock(
        title=say(N_("What each service loses")),
        columns=(
            Column(say(N_("Service")), "left", 1),
            *(Column(say(head), "right", 0) for head in heads),
        ),
        rows=tuple(_service(way.services[each.service], each, spelling) for each in shown),
        note=f"{how} {services_note(spelling, left)}",
    )


def _service(found: ServiceHours, each: BackOnDay, spelling: Spelling) -> tuple[str, ...]:
    none = spelling.say(N_("no patients"))
    return (
        role_words(each, spelling, PAGE.name),
        spelling.share(each.stopped),
        "\n".join((spelling.span_of_days(each.hours), *_modes(found, spelling))),
        late_words(each, spelling),
        spelling.span(found.patient_hours) if each.patients else none,
        spelling.span(found.euros) if each.patients else none,
    )


def _modes(found: ServiceHours, spelling: Spelling) -> list[str]:
    return [
        f"{spelling.say(words)} {_hours(found.modes[mode], spelling)}"
        for mode, words in MODE_WORDS.items()
        if mode in found.modes
    ]


def _hours(found: Range | None, spelling: Spelling) -> str:
    """Return a range of hours; what the forecast does not look beyond is told as or more."""
    if found is None or found.p90 < _HORIZON_HOURS:
        return spelling.span(found)
    most = spelling.say(N_("{days} or more")).format(days=spelling.exact(_HORIZON_HOURS))
    told = (
        most if each >= _HORIZON_HOURS else spelling.whole(each)
        for each in (found.p10, found.p50, found.p90)
    )
    return spelling.joined(*told)


def curve_table(taken: Taken, spelling: Spelling) -> TableBlock:
    """Return the curve of the servers that are back as a table."""
    say = spelling.say
    percent = say(N_("{share} %"))
    return TableBlock(
        title=say(N_("Lost servers that are back")),
        columns=(
            Column(say(N_("End of day")), "left", 0),
            Column(say(N_("low")), "right", 0),
            Column(say(N_("middle")), "right", 0),
            Column(say(N_("high")), "right", 0),
        ),
        rows=tuple(
            (
                str(each.day),
                *(
                    percent.format(share=round(100 * share))
                    for share in (each.back.p10, each.back.p50, each.back.p90)
                ),
            )
            for each in taken.curve
        ),
    )


def paths(way: WayForecast, spelling: Spelling) -> Box:
    """Return the most frequent paths, step by step."""
    say = spelling.say
    told = say(N_("In {share} of these attacks: {steps}."))
    lines = [
        told.format(
            share=spelling.share(each.share),
            steps=" → ".join(
                spelling.name(in_words(step, say), 2 * PAGE.name) for step in each.steps
            ),
        )
        for each in way.paths
    ]
    none = say(N_("NOT KNOWN: the map tells of no directory that an attack could hold."))
    return Box(say(N_("The most frequent paths, step by step")), tuple(lines) or (none,), 0)


def not_held(taken: Taken, spelling: Spelling) -> Box:
    """Return what the numbers do not hold."""
    say = spelling.say
    lines = [
        say(words).format(count=spelling.exact(len(named)), names=_names(named, spelling))
        for words, named in (
            (
                N_(
                    "Patients of services whose patients a day are NOT RECORDED ({count}):"
                    " {names}."
                ),
                taken.uncounted,
            ),
            (
                N_(
                    "Euros of services whose patients a day or revenue of one patient are NOT"
                    " RECORDED ({count}): {names}."
                ),
                taken.unpriced,
            ),
        )
        if named
    ]
    lines += [
        say(N_("How often an attack is tried: NOT KNOWN.")),
        say(N_("What happens behind a neighbour's own door: NOT KNOWN here.")),
        say(N_("What comes after day {days}.")).format(days=HORIZON_DAYS),
    ]
    return Box(say(N_("What this forecast does not hold")), tuple(lines), 0)


def _names(named: tuple[str, ...], spelling: Spelling) -> str:
    shown, left = kept(named, PAGE.answers)
    told = ", ".join(spelling.name(each, PAGE.name) for each in shown)
    return f"{told}, +{left}" if left else told


def foot(last: WholeForecast, spelling: Spelling) -> tuple[str, ...]:
    """Return of what the forecast was drawn, so that it can be drawn again."""
    say = spelling.say
    as_of = spelling.moment(last.map_as_of) if last.map_as_of else say(N_("NOT RECORDED"))
    made = say(
        N_("Map as of {as_of}. Made {made}. {count} attacks drawn by each way in, seed {seed}.")
    ).format(
        as_of=as_of,
        made=spelling.moment(last.made),
        count=spelling.exact(last.replicas),
        seed=last.seed,
    )
    told = say(N_("Map {fingerprint}. Wardkeep {version}.")).format(
        fingerprint=last.fingerprint[:16], version=last.version
    )
    promise = N_(
        "A forecast with guesses: compare measures, read ranges, promise nobody a day."
    )
    return made, told, say(promise)


def rows_on_paper(block: TableBlock, lines: int, letters: int) -> int:
    """Return how many rows fit on so many lines of paper, at least one.

    A name takes a second line from `letters` on, each mode of a service two.
    """
    used = 0
    for number, row in enumerate(block.rows):
        used += max(1 + (len(row[0]) > letters), *(1 + 2 * cell.count("\n") for cell in row))
        if used > lines:
            return max(1, number)
    return len(block.rows)
