"""Writing HL7 v2.5.1 in the manner of each system of the group: times, escapes, charsets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from wardkeep.kernel.times import DAY, MINUTE, SECOND, Moment, Precision
from wardkeep.sample.group import SENDERS, Sender

ZONE = "Europe/Brussels"

_ESCAPES = str.maketrans(
    {
        "\\": "\\E\\",
        "|": "\\F\\",
        "^": "\\S\\",
        "&": "\\T\\",
        "~": "\\R\\",
        "\r": "\\.br\\",
        "\n": "\\.br\\",
    }
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def escape(text: str) -> str:
    """Return text with delimiters and line ends escaped (HL7 v2.5.1, 2.7)."""
    return text.translate(_ESCAPES)


class LocalTime:
    """Instants as the clocks of the group show them; remembers each minute worked out."""

    def __init__(self) -> None:
        self._zone = ZoneInfo(ZONE)
        self._minutes: dict[int, tuple[str, str, bool]] = {}

    def _minute(self, at: int) -> tuple[str, str, bool]:
        key = at // MINUTE
        known = self._minutes.get(key)
        if known is None:
            local = self.local(key * MINUTE)
            doubled = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
            known = (f"{local:%Y%m%d%H%M}", f"{local:%z}", doubled)
            self._minutes[key] = known
        return known

    def local(self, at: int) -> datetime:
        """Return an instant (UTC microseconds) as an aware local time."""
        return (_EPOCH + timedelta(microseconds=at)).astimezone(self._zone)

    def instant(self, local: datetime) -> int:
        """Return UTC microseconds of a naive local time; of a doubled hour the first."""
        return (local.replace(tzinfo=self._zone) - _EPOCH) // timedelta(microseconds=1)

    def stamp(self, at: int, *, offset: bool) -> str:
        """Return a TS to the second; without offset unless asked or the hour is doubled."""
        text, zone, doubled = self._minute(at)
        seconds = at % MINUTE // SECOND
        return f"{text}{seconds:02d}{zone if offset or doubled else ''}"

    def moment(self, at: int, *, offset: bool) -> Moment:
        """Return the moment that a reader of `stamp` must understand."""
        return Moment(at // SECOND * SECOND, Precision.SECOND, self.stamp(at, offset=offset))

    def day(self, at: int) -> Moment:
        """Return the local day of an instant, as a TS of eight digits tells it."""
        midnight = self.local(at).replace(hour=0, minute=0, second=0, microsecond=0)
        first = (midnight - _EPOCH) // timedelta(microseconds=1)
        return Moment(first, Precision.DAY, f"{midnight:%Y%m%d}")

    def days_later(self, at: int, days: int) -> int:
        """Return the same wall clock time some days later."""
        local = self.local(at).replace(tzinfo=None)
        return self.instant(local + timedelta(days=days)) if days else at


class Writer:
    """Numbers and encodes messages, one counter a feed, as each sender would."""

    def __init__(self, clock: LocalTime) -> None:
        self._clock = clock
        self._counters = dict.fromkeys(SENDERS, 0)

    def write(
        self, feed: str, kind: str, created: int, segments: list[str]
    ) -> tuple[str, bytes]:
        """Return MSH-10 and the bytes of a message; `kind` is MSH-9, `created` MSH-7."""
        sender = SENDERS[feed]
        number, control = self.next_number(feed)
        header = self._header(sender, kind, created, control, number)
        text = "\r".join([header, *segments]) + "\r"
        return control, text.encode(sender.encoding)

    def next_number(self, feed: str) -> tuple[int, str]:
        """Return the next number of a sender, and MSH-10 made of it."""
        self._counters[feed] += 1
        number = self._counters[feed]
        return number, f"{SENDERS[feed].prefix}{number:09d}"

    def _header(
        self, sender: Sender, kind: str, created: int, control: str, number: int
    ) -> str:
        stamp = self._clock.stamp(created, offset=sender.offset)
        enhanced = sender.feed == "laboratory"
        fields = [
            "MSH",
            "^~\\&",
            sender.application,
            sender.facility,
            "WARDKEEP",
            sender.facility.partition("-")[0],
            stamp,
            "",
            kind,
            control,
            "P",
            "2.5.1",
            str(number) if enhanced else "",
            "",
            "AL" if enhanced else "",
            "NE" if enhanced else "",
            "BEL",
            sender.charset,
        ]
        return "|".join(fields).rstrip("|")


def midnight(at: int) -> int:
    """Return the first instant of the UTC day of an instant."""
    return at - at % DAY


def segment(name: str, fields: dict[int, str]) -> str:
    """Return a segment from field numbers to text that is already escaped."""
    last = max((place for place, text in fields.items() if text), default=0)
    return "|".join([name, *(fields.get(place, "") for place in range(1, last + 1))])
