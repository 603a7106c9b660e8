"""What may be trusted of each stream: the time it speaks of and its age, in every header."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wardkeep.chart.ports import StreamStatus, WardSummary, newest_told
from wardkeep.hospital.streams import Stream, StreamState
from wardkeep.kernel.times import HOUR
from wardkeep.pack.events import PackHeld
from wardkeep.pack.pen import Pen
from wardkeep.paper.words import N_

NAMES: Mapping[Stream, str] = {
    Stream.ADMISSIONS: N_("Admissions and beds"),
    Stream.ALLERGIES: N_("Allergies"),
    Stream.PROBLEMS: N_("Problems"),
    Stream.CODE_STATUS: N_("Code status"),
    Stream.ISOLATION: N_("Isolation"),
    Stream.DIET: N_("Diet"),
    Stream.WEIGHT: N_("Weight"),
    Stream.MEDICATION_ORDERS: N_("Medication orders"),
    Stream.DOSES_GIVEN: N_("Doses given"),
    Stream.LABORATORY: N_("Laboratory"),
    Stream.IMAGING: N_("Imaging"),
    Stream.ORDERS: N_("Orders"),
    Stream.SPECIMENS: N_("Specimens"),
    Stream.APPOINTMENTS: N_("Appointments"),
}
MAR_STREAMS = (
    Stream.ADMISSIONS,
    Stream.ALLERGIES,
    Stream.WEIGHT,
    Stream.CODE_STATUS,
    Stream.MEDICATION_ORDERS,
    Stream.DOSES_GIVEN,
)
SUMMARY_STREAMS = tuple(
    stream
    for stream in Stream
    if stream not in {Stream.MEDICATION_ORDERS, Stream.DOSES_GIVEN, Stream.WEIGHT}
)
# A page whose beds or orders are older than this carries a band (own choice: half a shift).
_OLD = 4 * HOUR
_SAYS_OLD = (Stream.ADMISSIONS, Stream.MEDICATION_ORDERS)


class Freshness:
    """The streams of one ward as they stood when its pack was made."""

    def __init__(
        self,
        statuses: Iterable[StreamStatus],
        ward: WardSummary,
        pen: Pen,
        held: PackHeld | None = None,
    ) -> None:
        """Take every stream's status; one that is missing counts as not fed.

        `held`: why the pack shows an older state of the ward.
        """
        self._held = held
        self._of = {status.stream: status for status in statuses}
        self._ward = ward
        self._pen = pen

    def fed(self, stream: Stream) -> bool:
        """Say whether any system sends this stream for the ward."""
        status = self._of.get(stream)
        fed = status is not None and status.state is not StreamState.NOT_FED
        return fed and (stream is not Stream.DOSES_GIVEN or self._ward.doses_fed)

    def heard(self, stream: Stream) -> bool:
        """Say whether anything of this stream was ever heard for the ward."""
        return self.fed(stream) and self._of[stream].heard is not None

    def unsaid(self, stream: Stream) -> str:
        """Return what stands for the unknown: NOT FED, or NOT RECORDED where it is fed."""
        return self._pen.say("NOT RECORDED" if self.fed(stream) else "NOT FED")

    def as_of(self, streams: Sequence[Stream]) -> str:
        """Return "PAPER OF 07 Mar 2026 04:12 CET ... AS OF: Admissions and beds 03:12 ..."."""
        pen = self._pen
        told = (f"{pen.say(NAMES[stream])} {self.state(stream)}" for stream in streams)
        # At 04:00 of the day after, "06:38" would be taken for a time to come.
        paper = pen.say(
            "PAPER OF {when}, times without a date are of that day.",
            when=pen.calendar.zoned(pen.now),
        )
        return f"{paper} {pen.say('AS OF:')} " + " · ".join(told)

    def state(self, stream: Stream) -> str:
        """Return the time a stream speaks of and, where not fresh, the word and its age."""
        when, word = self.when(stream), self.word(stream)
        if not self.fed(stream) or self._of[stream].as_of is None:
            return word
        return when if self._of[stream].state is StreamState.FRESH else f"{when} {word}"

    def when(self, stream: Stream) -> str:
        """Return the time of the newest event told, or "-" where there is none."""
        at = self._of[stream].as_of if self.fed(stream) else None
        return "-" if at is None else self._pen.calendar.short(at)

    def word(self, stream: Stream) -> str:
        """Return the state in a word with its age: FRESH, LATE 45 min, SILENT 3 h, NOT FED.

        Of a stream that was never heard it is NOTHING HEARD YET.
        """
        if not self.fed(stream):
            known = self._of.get(stream)
            return self._pen.say("NOT FED") + (self._loaded(known) if known else "")
        status = self._of[stream]
        if status.heard is None:
            return self._pen.say("NOTHING HEARD YET") + self._loaded(status)
        age = self._age(status)
        match status.state:
            case StreamState.FRESH:
                return self._pen.say("FRESH")
            case StreamState.LATE:
                return self._pen.say("LATE") + age
            case StreamState.SILENT | StreamState.NOT_FED:
                return self._pen.say("SILENT") + age

    def _loaded(self, status: StreamStatus) -> str:
        """Return up to when files that were loaded tell of what no feed has told."""
        if status.loaded is None:
            return ""
        when = self._pen.calendar.short(status.loaded)
        return " " + self._pen.say("(loaded, as of {when})", when=when)

    def _age(self, status: StreamStatus) -> str:
        """Return how old the newest thing told is, and of which system if others tell more."""
        told = "" if status.known_to is None else " " + self._pen.ago(status.known_to)
        if status.behind:
            told += f" ({self._pen.sent(status.behind)})"
        return told + (
            " " + self._pen.say("(only old messages come)") if status.old_news else ""
        )

    def table(self) -> tuple[tuple[str, str, str], ...]:
        """Return (stream, state, as of) for every stream."""
        return tuple(
            (self._pen.say(NAMES[stream]), self.word(stream), self.when(stream))
            for stream in Stream
        )

    def charted(self) -> str:
        """Return CHARTED UP TO, with the ward's usual lag; NOT FED where no doses come."""
        pen, ward = self._pen, self._ward
        if not self.fed(Stream.DOSES_GIVEN):
            return pen.say("DOSES GIVEN: NOT FED. Ask, and look at the cabinet")
        if ward.charted_up_to is None:
            return pen.say("CHARTED UP TO: no dose recorded on this ward")
        when = pen.calendar.full(ward.charted_up_to)
        lag = ward.charting_lag_minutes
        if ward.lag_learned:
            return pen.say("CHARTED UP TO {when} (usual delay {lag} min)", when=when, lag=lag)
        return pen.say("CHARTED UP TO {when} (allowed delay {lag} min)", when=when, lag=lag)

    def old(self) -> str:
        """Return the words of the band above all: HELD, NOT WHOLE, OLD DATA; "" for none."""
        found = (self._held_words(), self._lacking_words(), self._old_words())
        return " · ".join(told for told in found if told)

    def _held_words(self) -> str:
        held, pen = self._held, self._pen
        if held is None:
            return ""
        if held.charts_lack:
            return pen.say(
                "HELD AS OF {when}: what erased days had said is lost, newer charts may lack"
                " patients. Check at the bedside who lies there",
                when=pen.calendar.full(held.sound_at),
            )
        return pen.say(
            "HELD AS OF {when}: {hit} of {patients} patients left or lost orders or allergies"
            " by {then}. Whether that is true is not decided: check at the bedside",
            when=pen.calendar.full(held.sound_at),
            hit=held.hit,
            patients=held.patients,
            then=pen.calendar.short(held.at),
        )

    def _lacking_words(self) -> str:
        if not self._ward.lacks:
            return ""
        return self._pen.say(
            "NOT WHOLE: what erased days had said is lost, patients, orders and allergies may"
            " be missing. Check at the bedside"
        )

    def _old_words(self) -> str:
        pen = self._pen
        found = [
            f"{pen.say(NAMES[stream])} {pen.ago(told)}"
            for stream in _SAYS_OLD
            if self.fed(stream)
            and (told := newest_told(self._of[stream])) is not None
            and pen.now - told >= _OLD
        ]
        return pen.say("OLD DATA: {what}", what=", ".join(found)) if found else ""

    def gaps(self) -> list[Stream]:
        """Return the streams that no system sends for the ward."""
        return [stream for stream in Stream if not self.fed(stream)]

    def behind(self) -> list[Stream]:
        """Return the streams that are fed but late or silent."""
        return [
            stream
            for stream in Stream
            if self.fed(stream) and self._of[stream].state is not StreamState.FRESH
        ]

    def missing(self) -> list[tuple[Stream, int]]:
        """Return the streams of which messages never came, and how many."""
        return [
            (stream, self._of[stream].gaps)
            for stream in Stream
            if self.fed(stream) and self._of[stream].gaps
        ]
