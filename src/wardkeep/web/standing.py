"""What may be trusted now: the streams as a page shows them, and whether the page is live."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wardkeep.chart.ports import StreamStatus, newest_told
from wardkeep.hospital.streams import Stream, StreamState

_HEARD_OF = {StreamState.FRESH, StreamState.LATE}


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The streams of a page. `as_of`: the newest thing told, at most its arrival (UTC µs)."""

    streams: tuple[StreamStatus, ...]
    as_of: int | None
    live: bool
    """False when no stream is fresh or late: nothing here may be taken for the present."""

    @property
    def doubtful(self) -> tuple[StreamStatus, ...]:
        """The streams that are not fresh, in their order."""
        return tuple(s for s in self.streams if s.state is not StreamState.FRESH)

    def fed(self, stream: Stream) -> bool:
        """Say whether any feed carries the stream here."""
        return all(
            s.state is not StreamState.NOT_FED for s in self.streams if s.stream is stream
        )


def standing_of(streams: Sequence[StreamStatus]) -> Standing:
    """Return the standing that the streams add up to."""
    told = [at for s in streams if (at := newest_told(s)) is not None]
    return Standing(
        streams=tuple(streams),
        as_of=max(told, default=None),
        live=any(s.state in _HEARD_OF for s in streams),
    )
