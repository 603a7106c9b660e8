"""What changed since the last forecast over another map."""

from __future__ import annotations

from wardkeep.foresight.board.counted import span_counted
from wardkeep.foresight.board.paper import BoardPaper
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.foresight.kept import KeptForecast
from wardkeep.paper.board_form import WordsBlock
from wardkeep.paper.words import N_


def since(paper: BoardPaper, spelling: Spelling) -> WordsBlock:
    """Return what the last forecast over another map said beside what this one does."""
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
        days=spelling.span_of_all_back(before.days_until_all_back),
        late_now=span_counted(paper.taken.late, paper.taken.uncounted, spelling),
        days_now=spelling.span_of_all_back(paper.taken.days_until_all_back),
    )
