"""The first page: what an attack would take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wardkeep.foresight.board.counted import at_least
from wardkeep.foresight.board.paper import BackOnDay, BoardPaper, Reached, Taken, WayIn
from wardkeep.foresight.board.room import Room, and_more, kept
from wardkeep.foresight.board.since import since
from wardkeep.foresight.board.spelling import Spelling, in_hours
from wardkeep.foresight.figures import Range
from wardkeep.paper.board_form import (
    Bar,
    BarsBlock,
    BesideBlock,
    Block,
    Column,
    TableBlock,
    WordsBlock,
)
from wardkeep.paper.words import N_

ROLE_WORDS: Mapping[str, str] = {
    "laboratory": N_("Laboratory"),
    "imaging": N_("Imaging"),
    "theatres": N_("Operating theatres"),
    "emergency": N_("Emergency department"),
    "intensive care": N_("Intensive care"),
    "pharmacy": N_("Pharmacy"),
    "dialysis": N_("Dialysis"),
    "oncology": N_("Oncology day hospital"),
    "maternity": N_("Maternity"),
    "wards": N_("Wards"),
    "outpatients": N_("Outpatient clinics"),
}
CHANNEL_WORDS: Mapping[str, str] = {
    "infection": N_("the attack reaches a link to them"),
    "credentials": N_("shared passwords are stolen"),
    "dependency": N_("they lack what they need of us"),
    "disconnection": N_("links to them are cut in defence"),
}
EURO_WORDS: Mapping[str, str] = {
    "together": N_("Euros in all"),
    "revenue": N_("of that, revenue lost: patients × euros of each service on the map"),
    "restoring": N_("of that, restoring: hours × price of a crew, a GUESS"),
    "outside help": N_("of that, help from outside: a GUESS"),
}
_ENOUGH = 100
"""Attacks of which a tenth is ten: with fewer the ends of a range rest on a handful."""


def front(paper: BoardPaper, spelling: Spelling, room: Room) -> tuple[Block | BesideBlock, ...]:
    """Return the blocks of the page."""
    found = paper.taken
    return (
        sentence(found, spelling, room),
        numbers(found, spelling),
        services(found, spelling, room),
        BesideBlock(left=_curve(found, spelling, room), right=_ways(found, spelling, room)),
        neighbours(found, spelling, room),
        since(paper, spelling),
    )


def way_words(way: WayIn, spelling: Spelling, longest: int) -> str:
    """Return a way in in words."""
    told = N_("mail opened at {place}") if way.sort == "mail" else N_("remote access, {place}")
    return spelling.say(told).format(place=spelling.name(way.place, longest))


def role_words(each: BackOnDay, spelling: Spelling, longest: int) -> str:
    """Return a service by what it is in every hospital and its own name."""
    name = spelling.name(each.name, longest)
    role = ROLE_WORDS.get(each.role)
    if role is None:
        return name
    told = spelling.say(role)
    return told if told.casefold() == name.casefold() else f"{told} ({name})"


def sentence(found: Taken, spelling: Spelling, room: Room) -> WordsBlock:
    """Return the answer before the numbers: patients late, when the laboratory is back."""
    say = spelling.say
    if found.late is None:
        none = N_(
            "How many patients are treated late is NOT RECORDED: of no clinical service does"
            " the map tell the patients a day."
        )
        lines = [say(none)]
    else:
        told = say(N_("Patients treated more than 24 h late, or not here: {span}."))
        span = at_least(spelling.span(found.late), found.uncounted, spelling)
        lines = [told.format(span=span)]
    first = next((each for each in found.services if each.role == "laboratory"), None)
    if first is None:
        lines.append(say(N_("Which service is the laboratory is NOT RECORDED on the map.")))
    else:
        told = say(N_("The laboratory is back in full on day {span}."))
        lines.append(told.format(span=spelling.span_of_days(first.hours)))
    if found.uncounted:
        told = say(N_("Not counted: {count} services whose patients a day are NOT RECORDED."))
        lines.append(told.format(count=spelling.exact(len(found.uncounted))))
    return WordsBlock(title=_whose(found, spelling, room), lines=tuple(lines), framed=True)


def _whose(found: Taken, spelling: Spelling, room: Room) -> str:
    way = next(each for each in found.ways if each.entry == found.entry)
    told = spelling.say(N_("If an attack encrypts our systems (by: {way})"))
    return told.format(way=way_words(way, spelling, room.name))


def _range_columns(spelling: Spelling, head: str, *, day: bool = False) -> tuple[Column, ...]:
    say = spelling.say
    low, middle, high = (
        (N_("early"), N_("middle"), N_("late"))
        if day
        else (N_("low"), N_("middle"), N_("high"))
    )
    return (
        Column(say(head), "left", 1),
        Column(say(low), "right", 0),
        Column(say(middle), "right", 0),
        Column(say(high), "right", 0),
    )


def numbers(found: Taken, spelling: Spelling) -> TableBlock:
    """Return the sums: patients, machines, days and euros."""
    say = spelling.say
    patients: tuple[tuple[str, Range | None], ...] = (
        (N_("Patients treated more than 24 h late, or not here"), found.late),
        (N_("of these, due while a service was diverted or closed"), found.elsewhere),
        (N_("Hours that patients wait, added up"), found.patient_hours),
    )
    machines: tuple[tuple[str, Range], ...] = (
        (N_("Servers lost"), found.servers),
        (N_("Computers and other machines lost, servers among them"), found.machines),
    )
    rows = [
        (_sum(say(words), found.uncounted if each else (), spelling), *spelling.three(each))
        for words, each in patients
    ]
    rows += [(say(words), *spelling.three(each)) for words, each in machines]
    back = in_hours(found.days_until_all_back)
    rows.append((say(N_("Day on which all servers are back")), *spelling.three_days(back)))
    strong = (0, len(rows))
    for one in sorted(found.euros, key=lambda each: each.part != "together"):
        words = say(EURO_WORDS.get(one.part, one.part))
        missing = found.unpriced if one.part in _OF_SERVICES else ()
        rows.append((_sum(words, missing, spelling), *spelling.three(one.euros)))
    return TableBlock(
        title="",
        columns=_range_columns(spelling, N_("What it takes")),
        rows=tuple(rows),
        strong=strong,
        note=_of_tenths(found, spelling),
    )


def _of_tenths(found: Taken, spelling: Spelling) -> str:
    note = spelling.say(
        N_(
            "Of {count} attacks drawn that encrypt, one tenth lies below the low number, half"
            " below the middle, one tenth above the high. Rounded to two digits."
            " Tenths do not add up."
        )
    ).format(count=spelling.exact(found.struck))
    if found.struck >= _ENOUGH:
        return note
    few = N_("So few make the ends of the ranges unsure: more should be drawn.")
    return f"{note} {spelling.say(few)}"


_OF_SERVICES = frozenset({"together", "revenue"})
"""Costs that hold the revenue of services: those without a price are missing."""


def _sum(words: str, missing: Sequence[str], spelling: Spelling) -> str:
    return f"{words} ({spelling.say(N_('at least'))})" if missing else words


def services(found: Taken, spelling: Spelling, room: Room) -> TableBlock:
    """Return each service: the day it is back in full, who is late, how often it stops."""
    say = spelling.say
    shown, left = kept(found.services, room.services)
    what, *days = _range_columns(
        spelling, N_("Service, and the day it is back in full"), day=True
    )
    rows = tuple(
        (
            role_words(each, spelling, room.name),
            *spelling.three_days(each.hours),
            late_words(each, spelling),
            spelling.share(each.stopped),
        )
        for each in shown
    )
    return TableBlock(
        title="",
        columns=(
            what,
            *days,
            Column(say(N_("treated late")), "right", 0),
            Column(say(N_("stops altogether in")), "right", 0),
        ),
        rows=rows,
        note=services_note(spelling, left),
    )


def services_note(spelling: Spelling, left: int) -> str:
    """Return what the numbers of a service mean, and how many services have no room."""
    say = spelling.say
    note = say(
        N_(
            "Day 1 is that of the encryption; 0: it is never away. *: requests that wait; who"
            " waits for them is counted on the ward or in the clinic, not here too."
        )
    )
    how = say(
        N_(
            "Treated late: due and not treated while the service did not work in full, more"
            " than a day before it did again, or while it was diverted or closed; of emergency"
            " and intensive care these were treated elsewhere or without."
        )
    )
    return " ".join(each for each in (how, note, and_more(spelling, left)) if each)


def late_words(each: BackOnDay, spelling: Spelling) -> str:
    """Return how many patients of a service are treated late; * where they wait elsewhere."""
    if each.late is None:
        return spelling.say(N_("NOT RECORDED") if each.patients else N_("no patients"))
    return spelling.span(each.late) + ("" if each.clinical else " *")


def _curve(found: Taken, spelling: Spelling, room: Room) -> BarsBlock:
    say = spelling.say
    day = say(N_("day {day}"))
    shown = [each for each in found.curve if each.day <= _LAST_DAY][: room.days]
    return BarsBlock(
        title=say(N_("Lost servers that are back")),
        bars=tuple(
            Bar(
                day.format(day=each.day),
                each.back.p10,
                each.back.p50,
                each.back.p90,
                _percents(each.back, spelling),
            )
            for each in shown
        ),
        note=say(N_("Grey: the middle. Black line: from low to high.")),
    )


_LAST_DAY = 60


def _percents(back: Range, spelling: Spelling) -> str:
    low, middle, high = (str(round(100 * each)) for each in (back.p10, back.p50, back.p90))
    told = spelling.say(N_("{share} % ({low} to {high})"))
    return told.format(share=middle, low=low, high=high)


def _ways(found: Taken, spelling: Spelling, room: Room) -> TableBlock:
    say = spelling.say
    shown, left = kept(found.ways, room.ways)
    note = say(
        N_(
            "In brackets 95 % of what drawing leaves open. How often an attack is tried:"
            " NOT KNOWN."
        )
    )
    return TableBlock(
        title=say(N_("How often it gets so far")),
        columns=(
            Column(say(N_("Way in that is tried")), "left", 1),
            Column(say(N_("encrypts in")), "right", 0),
        ),
        rows=tuple(
            (way_words(each, spelling, room.name), spelling.share(each.encrypts))
            for each in shown
        ),
        note=" ".join(each for each in (note, and_more(spelling, left)) if each),
    )


def neighbours(found: Taken, spelling: Spelling, room: Room) -> Block:
    """Return which neighbours it reaches, by which channel and how often."""
    say = spelling.say
    title = say(N_("Neighbours that it reaches"))
    if not found.neighbours:
        return WordsBlock(title=title, lines=(say(N_("No neighbour stands on the map.")),))
    worst = sorted(found.neighbours, key=lambda each: -(each.share.share if each.share else 1))
    shown, left = kept(worst, room.neighbours)
    return TableBlock(
        title=title,
        columns=(
            Column(say(N_("Neighbour")), "left", 2),
            Column(say(N_("how")), "left", 2),
            Column(say(N_("in so many of all attacks tried")), "right", 0),
        ),
        rows=tuple(_reached(each, spelling, room) for each in shown),
        note=and_more(spelling, left),
    )


def _reached(each: Reached, spelling: Spelling, room: Room) -> tuple[str, str, str]:
    say = spelling.say
    return (
        spelling.name(each.neighbour, room.name),
        say(CHANNEL_WORDS.get(each.channel, each.channel)),
        say(N_("NOT RECORDED")) if each.share is None else spelling.share(each.share),
    )
