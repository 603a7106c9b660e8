"""Whether a list of the house says what the charts said of which it was made, row by row.

Rules kept here:
- A fact is right where its words stand, each by itself, in its own column of a row that bears
  that patient's name and number (or birth date, where the list has no numbers). Spaces and
  line ends do not count.
- A row that nothing in the charts gives reason for is wrong: a patient who is gone, an order
  that was stopped. So is each fact of a row that is not there.
- Each row of the HTML must stand in the PDF too, and between two of them nothing else does but
  where a page or a part ends.
- Found faults are counted by kind; no name, number or drug leaves this module.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from wardkeep.pack.list_words import TITLE, Cell, WantedRow
from wardkeep.pack.proof import PATIENT, Counted, Tally

PRINTED = "printed row"
_GAPS = dict.fromkeys(map(ord, "\u200b\u00ad\u2060"))
_JOINS_BEFORE, _JOINS_BEHIND = frozenset("_.,-"), frozenset("_-")


class ReadRow(msgspec.Struct, frozen=True):
    """One row as read back: the part that it stands in (from 0), its heading, its cells."""

    group: int
    title: str
    cells: tuple[str, ...]


class Written:
    """A text in which words are looked for, whatever its spaces and line ends."""

    def __init__(self, text: str) -> None:
        self._text = text

    def has(self, word: str) -> bool:
        """Tell whether a word stands here by itself: 5 mg does not stand in 15 mg."""
        if _apart(word, self._text):
            return True
        # Only what is there with other spaces or line ends costs more.
        bare = closed(word)
        return bare in closed(self._text) and self._has_with_gaps(bare)

    def _has_with_gaps(self, bare: str) -> bool:
        at = [place for place, letter in enumerate(self._text) if closed(letter)]
        close = "".join(self._text[place] for place in at)
        found = close.find(bare)
        while found >= 0:
            begin, end = (at[found], at[found + len(bare) - 1] + 1) if bare else (0, 0)
            if _is_apart(self._text, begin, end):
                return True
            found = close.find(bare, found + 1)
        return False


def _apart(word: str, text: str) -> bool:
    found = text.find(word)
    while found >= 0:
        if _is_apart(text, found, found + len(word)):
            return True
        found = text.find(word, found + 1)
    return False


def _is_apart(text: str, begin: int, end: int) -> bool:
    """Tell whether what stands there is no part of a longer word or number."""
    if begin == end:
        return True
    before, behind = text[begin - 1 : begin] or " ", text[end : end + 1] or " "
    joined = text[begin].isalnum() and (before.isalnum() or before in _JOINS_BEFORE)
    goes_on = text[end - 1].isalnum() and (behind.isalnum() or behind in _JOINS_BEHIND)
    return not (joined or goes_on)


def closed(text: str) -> str:
    """Return a text without what a layout may put between its letters."""
    return "".join(text.split()).translate(_GAPS)


def against_charts(read: Sequence[ReadRow], wanted: Sequence[WantedRow]) -> Tally:
    """Hold the rows of a list against those that its charts give reason for."""
    counted, rows = Counted(), _Rows(read)
    # The words of one row may stand in another's, as a drug alone in the same with a dose: who
    # asks most takes first, and of equals the one that must be there.
    most_first = sorted(wanted, key=lambda row: (-_asked(row), not row.must))
    left = [each for each in most_first if not rows.take_whole(each, counted)]
    # Then what differs: a row that must be there first, as it may have the other's words.
    for each in sorted(left, key=lambda row: not row.must):
        rows.take_best(each, counted)
    rows.count_others([row.kind for row in wanted], counted)
    return counted.told()


def _asked(row: WantedRow) -> int:
    return sum(len(closed(word)) for fact in (*row.who, *row.facts) for word in fact.words)


class _Rows:
    """The rows of a list, each to be taken by one that is wanted."""

    def __init__(self, read: Sequence[ReadRow]) -> None:
        self._read = read
        self._cells = [(Written(r.title), *map(Written, r.cells)) for r in read]
        self._free = set(range(len(read)))
        self._by_token: dict[str, set[int]] = defaultdict(set)
        for place, row in enumerate(read):
            for token in _tokens(row.cells):
                self._by_token[token].add(place)

    def take_whole(self, row: WantedRow, counted: Counted) -> bool:
        """Take the row where everything is right, and count it; say whether there is one."""
        for place in self._of(row):
            if all(self._has(place, fact) for fact in row.facts):
                self._take(place, row, counted)
                return True
        return False

    def take_best(self, row: WantedRow, counted: Counted) -> None:
        """Take the row where most is right; where there is none, all of it is wrong."""
        found = self._of(row)
        if not row.must:
            # Another order of the patient is none of this one.
            found = [each for each in found if self._has(each, row.facts[0])]
        if found:
            best = max(found, key=lambda p: (sum(self._has(p, f) for f in row.facts), -p))
            self._take(best, row, counted)
        elif row.must:
            for fact in (*row.who, *row.facts):
                counted.add(fact.kind, right=False)

    def count_others(self, kinds: Sequence[str], counted: Counted) -> None:
        """Count each row that was not taken as wrong."""
        kind = kinds[0] if kinds else PATIENT
        for _ in self._free:
            counted.add(kind, right=False)

    def _of(self, row: WantedRow) -> list[int]:
        """Return the free rows that bear a patient's name and number, in their order."""
        tokens = [token for cell in row.who for token in _tokens(cell.words)]
        sets = [self._by_token.get(token, set()) for token in tokens]
        sets.sort(key=len)
        places = set.intersection(*sets) if sets else set(self._free)
        return [
            place
            for place in sorted(places & self._free)
            if row.group in {None, self._read[place].group}
            and all(self._has(place, fact) for fact in row.who)
        ]

    def _has(self, place: int, fact: Cell) -> bool:
        cells = self._cells[place]
        column = fact.column - TITLE
        return column < len(cells) and all(cells[column].has(word) for word in fact.words)

    def _take(self, place: int, row: WantedRow, counted: Counted) -> None:
        self._free.discard(place)
        for fact in (*row.who, *row.facts):
            counted.add(fact.kind, right=self._has(place, fact))


def _tokens(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for token in text.split():
            if bare := closed(token).strip(".,;:·()"):
                yield bare


def against_pages(read: Sequence[ReadRow], pages: Sequence[str]) -> Tally:
    """Look for each row of the HTML in the text of the PDF's pages, in their order."""
    counted = Counted()
    close = [closed(page) for page in pages]
    text = "".join(close)
    ends, at = [], 0
    for page in close:
        at += len(page)
        ends.append(at)
    reached, turned, group = 0, iter([*ends, len(text)]), -1
    page_ends = next(turned)
    for row in read:
        wanted = "".join(map(closed, row.cells))
        found = text.find(wanted, reached)
        while found >= page_ends:
            page_ends = next(turned)
            group = -1
        # Within a page and a part nothing stands between two rows.
        near = found == reached or row.group != group
        counted.add(PRINTED, right=found >= 0 and near)
        if found >= 0:
            reached, group = found + len(wanted), row.group
    return counted.told()
