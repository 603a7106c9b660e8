"""The second page: what prevention buys, what is planned, accepted, guessed and not known."""

from __future__ import annotations

from collections.abc import Sequence

from wardkeep.foresight.board.answers import answer
from wardkeep.foresight.board.check_words import CHECK_WORDS
from wardkeep.foresight.board.guess_words import themes
from wardkeep.foresight.board.paper import Accepted, BoardPaper, Bought, Call, Step
from wardkeep.foresight.board.room import Room, and_more, kept
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.foresight.board.unknown_words import UNKNOWN_WORDS
from wardkeep.foresight.governance.road_map import DONE
from wardkeep.foresight.kept import KeptForecast
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


def back(paper: BoardPaper, spelling: Spelling, room: Room) -> tuple[Block | BesideBlock, ...]:
    """Return the blocks of the page."""
    return (
        _measures(paper, spelling, room),
        _best(paper, spelling, room),
        _road_map(paper.roadmap, spelling, room),
        BoxesBlock(
            boxes=(
                _guesses(paper.guesses, spelling, room),
                _accepted(paper.accepted, spelling, room),
                _unknown(paper, spelling, room),
            )
        ),
        _changed(paper, spelling),
        _calls(paper, spelling, room),
    )


def _measures(paper: BoardPaper, spelling: Spelling, room: Room) -> Block:
    say = spelling.say
    title = say(N_("What prevention buys"))
    if not paper.bought:
        none = say(N_("No measure was compared: hand them in with --measures FILE."))
        return WordsBlock(title=title, lines=(none,))
    shown, left = kept(paper.bought, room.measures)
    note = say(
        N_(
            "Means over all {count} attacks tried, those stopped in time among them, each drawn"
            " with and without the measure; in brackets 95 %."
        )
    ).format(count=spelling.exact(paper.source.replicas * len(paper.taken.ways)))
    notes = (and_more(spelling, left), note, _made_worse(paper.bought, spelling, room))
    return TableBlock(
        title=title,
        columns=(
            Column(say(N_("Measure, what surely helps most first")), "left", 1),
            Column(say(N_("euros")), "right", 0),
            Column(say(N_("own hours")), "right", 0),
            Column(say(N_("late treatments avoided")), "right", 0),
            Column(say(N_("makes worse")), "right", 0),
        ),
        rows=tuple(_measure(each, spelling, room) for each in shown),
        note=" ".join(each for each in notes if each),
    )


def _made_worse(bought: Sequence[Bought], spelling: Spelling, room: Room) -> str:
    """Return which measures make attacks worse, the worst first, and in how many of them."""
    found = sorted(
        (each for each in bought if each.worse.share > 0), key=lambda each: -each.worse.share
    )
    if not found:
        return ""
    shown, left = kept(found, room.answers)
    named = ", ".join(
        f"{spelling.name(each.name, room.name)} {spelling.share(each.worse)}" for each in shown
    )
    told = spelling.say(N_("In some attacks patients wait longer with: {measures}."))
    more = and_more(spelling, left)
    return " ".join(part for part in (told.format(measures=named), more) if part)


def _measure(each: Bought, spelling: Spelling, room: Room) -> tuple[str, ...]:
    unsure = "" if each.sure else f" {spelling.say(N_('(nothing sure)'))}"
    return (
        spelling.name(each.name, room.name),
        spelling.exact(each.cost.euros),
        spelling.exact(each.cost.own_hours),
        spelling.mean(each.late) + unsure,
        spelling.share(each.worse),
    )


def _best(paper: BoardPaper, spelling: Spelling, room: Room) -> WordsBlock:
    say, found = spelling.say, paper.best
    if found is None:
        line = say(N_("No budget was named (--budget EUROS): no best set was looked for."))
        return WordsBlock(title="", lines=(line,))
    budget = spelling.exact(found.budget)
    if found.bought is None:
        told = say(N_("For {budget} euros no measure that surely helps can be paid."))
        return WordsBlock(title="", lines=(told.format(budget=budget),))
    names = ", ".join(spelling.name(each, room.name) for each in found.names)
    told = say(
        N_(
            "Best set for {budget} euros: {names}. It costs {cost} euros and {hours} h of own"
            " people, avoids {late} late treatments an attack tried, and makes {worse} of the"
            " attacks worse."
        )
    )
    line = told.format(
        budget=budget,
        names=names,
        cost=spelling.exact(found.bought.cost.euros),
        hours=spelling.exact(found.bought.cost.own_hours),
        late=spelling.mean(found.bought.late),
        worse=spelling.share(found.bought.worse),
    )
    return WordsBlock(title="", lines=(line,))


def _road_map(steps: Sequence[Step], spelling: Spelling, room: Room) -> Block:
    say = spelling.say
    title = say(N_("Road map by quarter"))
    if not steps:
        none = say(N_("Nothing is planned: `wardkeep roadmap plan` puts a measure on it."))
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
        spelling.name(each.name or each.measure, room.name),
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


def _guesses(guesses: Sequence[str], spelling: Spelling, room: Room) -> Box:
    say = spelling.say
    shown, left = kept(tuple(themes(guesses).items()), room.box)
    lines = [f"{say(words)} ({count})" for words, count in shown]
    first = say(
        N_("Nobody measured these numbers; an expert's guess stands for each (how many):")
    )
    return Box(say(N_("Assumptions that are guesses")), _lines([first, *lines], left, spelling))


def _lines(lines: Sequence[str], left: int, spelling: Spelling) -> tuple[str, ...]:
    return tuple(each for each in (*lines, and_more(spelling, left)) if each)


def _accepted(accepted: Sequence[Accepted], spelling: Spelling, room: Room) -> Box:
    say = spelling.say
    title = say(N_("Risks accepted: by whom, until when"))
    if not accepted:
        none = say(N_("Nobody accepted a risk of the map: none of its findings is settled."))
        return Box(title, (none,))
    shown, left = kept(accepted, max(1, room.box // 2))
    return Box(title, _lines([_risk(each, spelling, room) for each in shown], left, spelling))


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
    return Box(say(N_("What nobody knows")), _lines(lines, left, spelling))


def _changed(paper: BoardPaper, spelling: Spelling) -> WordsBlock:
    title = spelling.say(N_("Since the last forecast over another map"))
    if paper.before is None:
        none = spelling.say(N_("No forecast over another map is kept here."))
        return WordsBlock(title=title, lines=(none,))
    lines = [_difference(paper, paper.before, spelling)]
    if paper.before.version != paper.source.version:
        told = N_("It was drawn by Wardkeep {version}: not all of the difference is the map's.")
        lines.append(spelling.say(told).format(version=paper.before.version))
    return WordsBlock(title=title, lines=tuple(lines))


def _difference(paper: BoardPaper, before: KeptForecast, spelling: Spelling) -> str:
    told = spelling.say(
        N_(
            "On {day}: patients treated late {late}, all servers back on day {days}. Now:"
            " {late_now} and day {days_now}. Both are drawn: ranges that overlap may be no"
            " change."
        )
    )
    return told.format(
        day=spelling.day_of(before.made),
        late=spelling.span(before.late),
        days=spelling.span(before.days_until_all_back),
        late_now=spelling.span(paper.taken.late),
        days_now=spelling.span(paper.taken.days_until_all_back),
    )


def _calls(paper: BoardPaper, spelling: Spelling, room: Room) -> Block:
    say = spelling.say
    title = say(N_("What funding calls ask for, and what this paper answers"))
    if not paper.calls:
        none = say(N_("No call stands in funding.toml. `wardkeep funding sample` prints one."))
        return WordsBlock(title=title, lines=(none,))
    shown, left = kept(paper.calls, room.calls)
    whose = (
        N_("From the site's funding.toml.")
        if paper.calls_from == "site"
        else N_(
            "From the list that comes with the product: the site keeps its own, funding.toml."
        )
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
