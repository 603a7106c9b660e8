"""How far a server was asked: where a round begins, what in it is new, where the next begins.

Rules kept here:
- a round begins `overlap` before the newest change that the last one saw, by the server's own
  clock; ours only bounds it: a place that followed a wrong clock's time would be ahead of all
  that comes;
- the place moves only when a whole round is durable: a crash asks again and loses nothing;
- an answer that is cut off is asked for to its end, or said to be cut;
- what the overlap brings again is known by its version and not stored again.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

import msgspec

from wardkeep.wire.errors import SearchAnswerError
from wardkeep.wire.fhir_rest.moments import iso_instant
from wardkeep.wire.fhir_rest.search_page import Page, Seen


class Place(msgspec.Struct, frozen=True):
    """How far one type of one server was asked. Times in UTC microseconds, server's clock.

    `recent` are the versions that the next round may see again because of the overlap.
    """

    newest: int
    recent: tuple[Seen, ...] = ()


def question(base: str, kind: str, since: int, page_size: int) -> str:
    """Return the address that asks for every `kind` changed since a moment."""
    query = {
        # ge: servers with clocks of a second give many resources the same time.
        "_lastUpdated": f"ge{iso_instant(since)}",
        "_sort": "_lastUpdated",
        "_count": str(page_size),
    }
    return f"{base.rstrip('/')}/{kind}?{urlencode(query)}"


def begin_of_round(place: Place | None, overlap: int, first: int) -> int:
    """Return since when to ask; `first` where nothing was asked before."""
    return first if place is None else place.newest - overlap


def has_news(resources: Iterable[Seen], known: frozenset[str]) -> bool:
    """Say whether a page holds a version that is not known; one without a name is new."""
    return any(not each.name or each.name not in known for each in resources)


def goes_on_at(page: Page, pages: int, came: int, since: int, page_size: int) -> int | None:
    """Return since when to ask for what a page without a next one left out, None for nothing.

    Some servers cut their answer at `_count` and name no next page. `came` resources were in
    the `pages` pages of the answer to a question `since`. Raises SearchAnswerError where what
    is left out cannot be asked for.
    """
    full = pages == 1 and page_size <= came
    cut = full if page.total is None else page.total > came
    if page.next or not cut or not page.resources:
        return None
    times = [each.changed for each in page.resources]
    known = [each for each in times if each is not None]
    if len(known) < len(times) or known != sorted(known) or known[-1] <= since:
        raise SearchAnswerError(
            "the server cuts its answers off and names no next page: raise page_size"
        )
    return known[-1]


def known_to(place: Place | None) -> frozenset[str]:
    """Return the versions that the overlap may bring again."""
    return frozenset(each.name for each in place.recent) if place is not None else frozenset()


def moved(
    place: Place | None, round_: Iterable[Seen], since: int, overlap: int, latest: int
) -> Place:
    """Return the place after a whole round that asked `since` is durable.

    A server that does not say when it changed a resource is asked since the same moment again.
    """
    everything = [*(place.recent if place is not None else ()), *round_]
    before = place.newest if place is not None else since
    times = [each.changed for each in everything if each.changed is not None]
    newest = max([before, *(at for at in times if at <= latest)])
    kept = {
        each.name: each
        for each in everything
        if each.name and (each.changed is None or each.changed >= newest - overlap)
    }
    return Place(newest, tuple(kept.values()))
