"""What may be trusted now: the streams as a page shows them, and whether the page is live."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wardkeep.chart.ports import FAR_BEHIND, Charts, StreamStatus, newest_told
from wardkeep.hospital.streams import Stream, StreamState

_HEARD_OF = {StreamState.FRESH, StreamState.LATE}


class Carried(msgspec.Struct, frozen=True):
    """What no feed carries somewhere: all that a row of a board asks of the streams."""

    not_fed: frozenset[Stream] = frozenset()

    def fed(self, stream: Stream) -> bool:
        """Say whether any feed carries the stream."""
        return stream not in self.not_fed


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The streams of a page. `as_of`: the newest thing told, at most its arrival (UTC µs)."""

    streams: tuple[StreamStatus, ...]
    as_of: int | None
    live: bool
    """False when no stream is fresh or late, or the charts are far behind what has come:
    nothing here may be taken for the present."""
    waiting: int = 0
    """Messages that have come and are not in what is shown, where they are many."""
    lacks: bool = False
    """What erased days had said is not in the charts: patients may be missing."""
    carried: Carried
    """Which streams any feed carries here."""

    @property
    def doubtful(self) -> tuple[StreamStatus, ...]:
        """The streams that are not fresh, in their order."""
        return tuple(s for s in self.streams if s.state is not StreamState.FRESH)

    def fed(self, stream: Stream) -> bool:
        """Say whether any feed carries the stream here."""
        return self.carried.fed(stream)


def standing_in(charts: Charts, now: int, ward: str | None = None) -> Standing:
    """Return how the charts stand at `now` (UTC µs), for one ward where it is named."""
    return standing_of(charts.streams(now, ward), charts.waiting(), lacks=charts.lacks())


def standing_of(
    streams: Sequence[StreamStatus], waiting: int = 0, *, lacks: bool = False
) -> Standing:
    """Return the standing that the streams, what waits and what is lacking add up to."""
    behind = waiting if waiting > FAR_BEHIND else 0
    told = [at for s in streams if (at := newest_told(s)) is not None]
    return Standing(
        streams=tuple(streams),
        as_of=max(told, default=None),
        live=not behind and any(s.state in _HEARD_OF for s in streams),
        waiting=behind,
        lacks=lacks,
        carried=Carried(frozenset(s.stream for s in streams if s.state is StreamState.NOT_FED)),
    )
