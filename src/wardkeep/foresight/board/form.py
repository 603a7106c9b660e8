"""Lays a board paper out in words: two pages in one language, with as much as there is room."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from wardkeep.foresight.board.back import back
from wardkeep.foresight.board.front import front
from wardkeep.foresight.board.paper import BoardPaper, MapCopy, Source
from wardkeep.foresight.board.room import Room
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.paper.board_form import BoardForm
from wardkeep.paper.words import N_, Translate

_FINGERPRINT = 16
"""Characters of it on the page (64 bits); `--json` has all of it."""
_HOSPITAL = 80


def board_form(
    paper: BoardPaper, language: str, say: Translate, rooms: tuple[Room, Room]
) -> BoardForm:
    """Return the two pages in a language (fr, nl, de, en), each with its room."""
    spelling = Spelling(language, say, ZoneInfo(paper.source.zone))
    page = say(N_("page {n} of 2"))
    title = say(N_("What an attack on our systems would take"))
    return BoardForm(
        language=language,
        sizes=(rooms[0].size, rooms[1].size),
        title=title,
        hospital=spelling.name(paper.source.hospital, _HOSPITAL),
        front_title=title,
        front=front(paper, spelling, rooms[0]),
        back_title=say(N_("What prevention buys, and what is decided")),
        back=back(paper, spelling, rooms[1]),
        foot=_foot(paper.source, spelling),
        pages=(page.format(n=1), page.format(n=2)),
    )


def _foot(source: Source, spelling: Spelling) -> tuple[str, ...]:
    say = spelling.say
    unknown = say(N_("NOT RECORDED"))
    made = say(
        N_("Map as of {as_of}. Made {made}. {count} attacks drawn by each way in, seed {seed}.")
    )
    engines = ", ".join(f"{name} {version}" for name, version in source.engines.items())
    told = say(N_("Map {fingerprint}. Wardkeep {version} ({engines})."))
    told_first = () if source.map_copy is None else (_copied(source.map_copy, spelling),)
    return (
        *told_first,
        made.format(
            as_of=spelling.moment(source.map_as_of) if source.map_as_of else unknown,
            made=spelling.moment(source.made),
            count=spelling.exact(source.replicas),
            seed=source.seed,
        ),
        told.format(
            fingerprint=source.fingerprint[:_FINGERPRINT],
            version=source.version,
            engines=engines,
        ),
        say(
            N_("A forecast with guesses: compare measures, read ranges, promise nobody a day.")
        ),
    )


def _copied(found: MapCopy, spelling: Spelling) -> str:
    if found.as_of is None:
        return spelling.say(N_("A COPY OF THE MAP, never copied whole from the first server."))
    told = spelling.say(N_("A COPY OF THE MAP, as the first server had it at {as_of}."))
    return told.format(as_of=spelling.moment(found.as_of))
