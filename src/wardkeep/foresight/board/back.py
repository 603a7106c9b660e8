"""The second page: what prevention buys, what is planned, accepted, guessed and not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wardkeep.foresight.board.answers import answer
from wardkeep.foresight.board.check_words import CHECK_WORDS
from wardkeep.foresight.board.counted import at_least
from wardkeep.foresight.board.guess_words import themes
from wardkeep.foresight.board.paper import (
    Accepted,
    Best,
    BoardPaper,
    Bought,
    Call,
    Mean,
    Step,
    Taken,
    Without,
)
from wardkeep.foresight.board.room import Room, and_more, kept
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.foresight.board.unknown_words import UNKNOWN_WORDS
from wardkeep.foresight.governance.road_map import DONE
from wardkeep.paper.board_form import (
    BesideBlock,
    Block,
    Box,
    BoxesBlock,
    Column,
    TableBlock,
    WordsBlock,
)
from wardkeep.paper.words import N_

_NAMED = 3
"""Of what nobody knows, so many are named."""
_SMALL_BOX, _BOX, _WIDE_BOX = 6, 10, 13
"""Shares of the width, by how much a box usually has to say."""


def back(paper: BoardPaper, spelling: Spelling, room: Room) -> tuple[Block | BesideBlock, ...]:
    """Return the blocks of the page."""
    return (
        without(paper.without, paper.taken, spelling),
        measures(paper.bought, spelling, room),
        best(paper.best, paper.taken, spelling, room),
        _road_map(paper.roadmap, spelling, room),
        BoxesBlock(
            boxes=(
                guesses(paper.guesses, spelling, room),
                _accepted(paper.accepted, spelling, room),
                _unknown(paper, spelling, room),
            )
        ),
        _calls(paper, spelling, room),
    )


def without(found: Without | None, taken: Taken, spelling: Spelling) -> WordsBlock:
    """Return what an attack costs as things are: that to which measures are compared."""
    say = spelling.say
    title = say(N_("What prevention buys"))
    if found is None:
        none = say(N_("What an attack costs without any measure: NOT KNOWN."))
        return WordsBlock(title=title, lines=(none,))
    told = (
        N_(
            "Without any measure an attack that is tried delays {late} patients and costs"
            " {euros} euros, in the mean of {count} attacks tried, of which {share} encrypt."
        )
        if found.late is not None
        else N_(
            "Without any measure an attack that is tried costs {euros} euros, in the mean of"
            " {count} attacks tried, of which {share} encrypt; how many patients it delays is"
            " NOT RECORDED."
        )
    )
    line = say(told).format(
        late=_mean(found.late, taken, spelling),
        euros=at_least(spelling.mean(found.euros), taken.unpriced, spelling),
        count=spelling.exact(found.attacks),
        share=spelling.share(found.encrypts),
    )
    return WordsBlock(title=title, lines=(line,))


def _mean(found: Mean | None, taken: Taken, spelling: Spelling) -> str:
    if found is None:
        return spelling.say(N_("NOT RECORDED"))
    return at_least(spelling.mean(found), taken.uncounted, spelling)


def measures(bought: Sequence[Bought], spelling: Spelling, room: Room) -> Block:
    """Return each measure with its cost, what it avoids and where it makes things worse."""
    say = spelling.say
    if not bought:
        none = say(N_("No measure was compared: none was handed in."))
        return WordsBlock(title="", lines=(none,))
    best_set = sum(each.in_best for each in bought)
    shown, left = kept(bought, max(room.measures, best_set))
    order = (
        N_("Measure: the best set (bold), then by euros for each patient-hour surely avoided")
        if best_set
        else N_("Measure, by euros for each patient-hour surely avoided")
    )
    note = say(
        N_(
            "Means over the same attacks, each drawn with and without the measure; in brackets"
            " 95 %."
        )
    )
    harm, worse = (
        _harms(bought, spelling, room),
        _made_worse(bought, spelling, room),
    )
    notes = (and_more(spelling, left), note, harm, worse)
    return TableBlock(
        title="",
        columns=(
            Column(say(order), "left", 1),
            Column(say(N_("euros")), "right", 0),
            Column(say(N_("own hours")), "right", 0),
            Column(say(N_("late treatments avoided")), "right", 0),
            Column(say(N_("makes worse")), "right", 0),
        ),
        rows=tuple(_measure(each, spelling, room) for each in shown),
        strong=tuple(range(best_set)),
        note=" ".join(each for each in notes if each),
    )


def _harms(bought: Sequence[Bought], spelling: Spelling, room: Room) -> str:
    """Return with which measures patients surely wait longer in the mean."""
    shown, left = kept([each for each in bought if each.verdict == "harms"], room.answers)
    if not shown:
        return ""
    named = ", ".join(spelling.name(each.name, room.measure) for each in shown)
    told = spelling.say(N_("WORSE: patients surely wait longer with {measures}."))
    more = and_more(spelling, left)
    return " ".join(part for part in (told.format(measures=named), more) if part)


def _made_worse(bought: Sequence[Bought], spelling: Spelling, room: Room) -> str:
    """Return which measures make attacks worse, the worst first, and in how many of them."""
    found = sorted(
        (each for each in bought if each.worse.share > 0), key=lambda each: -each.worse.share
    )
    if not found:
        return ""
    shown, left = kept(found, room.answers)
    named = ", ".join(
        f"{spelling.name(each.name, room.measure)} {spelling.share(each.worse)}"
        for each in shown
    )
    told = spelling.say(N_("In some attacks patients wait longer with: {measures}."))
    more = and_more(spelling, left)
    return " ".join(part for part in (told.format(measures=named), more) if part)


VERDICT_WORDS: Mapping[str, str] = {
    "unsure": N_("{avoided} (unsure)"),
    "no difference": N_("no difference drawn"),
    "nothing changed": N_("nothing of this map is changed"),
    "harms": N_("{avoided} WORSE"),
}


def _measure(each: Bought, spelling: Spelling, room: Room) -> tuple[str, ...]:
    avoided = (
        spelling.say(N_("NOT RECORDED")) if each.late is None else spelling.mean(each.late)
    )
    told = avoided if each.verdict == "helps" else spelling.say(VERDICT_WORDS[each.verdict])
    return (
        spelling.name(each.name, room.measure),
        spelling.exact(each.cost.euros),
        spelling.exact(each.cost.own_hours),
        told.format(avoided=avoided),
        spelling.share(each.worse),
    )


def best(found: Best | None, taken: Taken, spelling: Spelling, room: Room) -> WordsBlock:
    """Return the best set under the budget, and what it buys."""
    say = spelling.say
    if found is None:
        line = say(N_("No budget was named: no best set was looked for."))
        return WordsBlock(title="", lines=(line,))
    budget = spelling.exact(found.budget)
    if found.bought is None:
        told = say(N_("For {budget} euros no measure that surely helps can be paid."))
        return WordsBlock(title="", lines=(told.format(budget=budget),))
    names = ", ".join(spelling.name(each, room.measure) for each in found.names)
    told = say(
        N_(
            "Best set for {budget} euros: {names}. It costs {cost} euros and {hours} h of own"
            " people, avoids {late} of the {all} late treatments of an attack that is tried,"
            " and makes {worse} of the attacks worse."
        )
    )
    line = told.format(
        budget=budget,
        names=names,
        cost=spelling.exact(found.bought.cost.euros),
        hours=spelling.exact(found.bought.cost.own_hours),
        late=_mean(found.bought.late, taken, spelling),
        all=_all_late(found, spelling),
        worse=spelling.share(found.bought.worse),
    )
    return WordsBlock(title="", lines=(line,))


def _all_late(found: Best, spelling: Spelling) -> str:
    if found.all_late is None:
        return spelling.say(N_("NOT KNOWN"))
    return spelling.mean(found.all_late)


def _road_map(steps: Sequence[Step], spelling: Spelling, room: Room) -> Block:
    say = spelling.say
    title = say(N_("Road map by quarter"))
    if not steps:
        none = say(N_("Nothing is planned yet."))
        return WordsBlock(title=title, lines=(none,))
    shown, left = kept(steps, room.steps)
    return TableBlock(
        title=title,
        columns=(
            Column(say(N_("quarter")), "left", 0),
            Column(say(N_("measure")), "left", 1),
            Column(say(N_("who")), "left", 0),
            Column(say(N_("euros")), "right", 0),
            Column(say(N_("own hours")), "right", 0),
            Column(say(N_("how far, said when and by whom")), "left", 0),
        ),
        rows=tuple(_step(each, spelling, room) for each in shown),
        note=and_more(spelling, left),
    )


def _step(each: Step, spelling: Spelling, room: Room) -> tuple[str, ...]:
    say = spelling.say
    unknown = say(N_("NOT RECORDED"))
    cost = each.cost
    return (
        each.quarter,
        spelling.name(each.name or each.measure, room.measure),
        spelling.name(each.owner, room.name // 2),
        unknown if cost is None else spelling.exact(cost.euros),
        unknown if cost is None else spelling.exact(cost.own_hours),
        _progress(each, spelling, room),
    )


def _progress(each: Step, spelling: Spelling, room: Room) -> str:
    say = spelling.say
    if not each.told:
        words = say(N_("progress NOT RECORDED"))
    else:
        told = (
            N_("DONE, {day}, {by}") if each.progress == DONE else N_("{percent} %, {day}, {by}")
        )
        by = spelling.name(each.by, room.name // 2)
        words = say(told).format(percent=each.progress, day=spelling.date(each.told), by=by)
    return f"{say(N_('OVERDUE'))}: {words}" if each.overdue else words


def guesses(named: Sequence[str], spelling: Spelling, room: Room) -> Box:
    """Return what the guesses among the numbers are about, and how many are about it."""
    say = spelling.say
    shown, left = kept(tuple(themes(named).items()), room.box)
    lines = [f"{say(words)} ({count})" for words, count in shown]
    first = say(
        N_("Nobody measured these numbers; an expert's guess stands for each (how many):")
    )
    return Box(
        say(N_("Assumptions that are guesses")), _lines([first, *lines], left, spelling), _BOX
    )


def _lines(lines: Sequence[str], left: int, spelling: Spelling) -> tuple[str, ...]:
    return tuple(each for each in (*lines, and_more(spelling, left)) if each)


def _accepted(accepted: Sequence[Accepted], spelling: Spelling, room: Room) -> Box:
    say = spelling.say
    title = say(N_("Risks accepted: by whom, until when"))
    if not accepted:
        none = say(N_("Nobody accepted a risk of the map: none of its findings is settled."))
        return Box(title, (none,), _SMALL_BOX)
    shown, left = kept(accepted, max(1, room.box // 2))
    lines = [_risk(each, spelling, room) for each in shown]
    return Box(title, _lines(lines, left, spelling), _BOX)


def _risk(each: Accepted, spelling: Spelling, room: Room) -> str:
    say = spelling.say
    check = CHECK_WORDS.get(each.check, each.check)
    named = (say(check) if check else "", each.name or each.item)
    what = ", ".join(part for part in named if part)
    told = say(N_("{risk}: {by}, until {day}. {reason}"))
    words = told.format(
        risk=spelling.name(what, 2 * room.name),
        by=spelling.name(each.by, room.name),
        day=spelling.date(each.review),
        reason=spelling.name(each.reason, 2 * room.name),
    )
    return f"{say(N_('REVIEW OVERDUE'))}: {words}" if each.overdue else words


def _unknown(paper: BoardPaper, spelling: Spelling, room: Room) -> Box:
    say = spelling.say
    shown, left = kept(paper.unknown, room.box)
    lines = []
    for each in shown:
        names = ", ".join(spelling.name(name, 24) for name in each.named[:_NAMED])
        more = ", …" if len(each.named) > _NAMED else ""
        words = say(UNKNOWN_WORDS[each.what])
        lines.append(words.format(count=spelling.exact(each.count), names=names + more))
    return Box(say(N_("What nobody knows")), _lines(lines, left, spelling), _WIDE_BOX)


def _calls(paper: BoardPaper, spelling: Spelling, room: Room) -> Block:
    say = spelling.say
    title = say(N_("What funding calls ask for, and what this paper answers"))
    if not paper.calls:
        none = say(N_("No funding call stands in the list of this site."))
        return WordsBlock(title=title, lines=(none,))
    shown, left = kept(paper.calls, room.calls)
    whose = (
        N_("From the site's own list.")
        if paper.calls_from == "site"
        else N_("From the list that comes with the product; the site may keep its own.")
    )
    return TableBlock(
        title=title,
        columns=(
            Column(say(N_("call")), "left", 4),
            Column(say(N_("on the day of this paper")), "left", 3),
            Column(say(N_("field: answer")), "left", 6),
        ),
        rows=tuple(_call(paper, each, spelling, room) for each in shown),
        note=" ".join(each for each in (say(whose), and_more(spelling, left)) if each),
    )


def _call(paper: BoardPaper, each: Call, spelling: Spelling, room: Room) -> tuple[str, ...]:
    say = spelling.say
    if each.state == "closed":
        fields = say(N_("closed: nothing to fill in"))
    else:
        shown, left = kept(each.answers, room.answers)
        told = [
            f"{spelling.name(one.field, room.name)}: {answer(paper, one.number, spelling)}"
            for one in shown
        ]
        fields = "; ".join(_lines(told, left, spelling))
    name = f"{each.programme}: {each.call}"
    return spelling.name(name, 3 * room.name), _state(each, spelling, room), fields


def _state(each: Call, spelling: Spelling, room: Room) -> str:
    say = spelling.say
    unknown = say(N_("NOT KNOWN"))
    words = {
        "open": N_("OPEN until {closes}"),
        "not yet open": N_("opens {opens}, closes {closes}"),
        "closed": N_("CLOSED since {closes}"),
        "NOT KNOWN": N_("opens {opens}, closes {closes}"),
    }[each.state]
    if not (each.opens or each.closes):
        words = N_("days NOT KNOWN")
    opens, closes = (
        spelling.date(day) if day else unknown for day in (each.opens, each.closes)
    )
    told = say(words).format(opens=opens, closes=closes)
    rate = spelling.name(each.rate, room.name) or unknown
    more = say(N_("pays at most: {rate}; looked up on {day}"))
    more = more.format(rate=rate, day=spelling.date(each.as_of))
    return f"{told}; {more}"
