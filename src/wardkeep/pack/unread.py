"""Messages that could not be read, as a pack tells them: by feed, and to whom they belong."""

from __future__ import annotations

from collections.abc import Iterator

from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import Unread, UnreadMessage
from wardkeep.kernel.times import DAY
from wardkeep.pack.pen import Pen
from wardkeep.paper.forms import Entry

_MOST_NAMED = 3
_DOSES = "RAS"


def about(unread: Unread, patient: PatientChart) -> list[UnreadMessage]:
    """Return the messages about the patient under any number, newest first."""
    numbers = {patient.record, *patient.merged_from}
    mine = [each for each in unread.about if each.record in numbers]
    return sorted(mine, key=lambda each: each.received, reverse=True)


def unread_alerts(unread: Unread, patient: PatientChart, pen: Pen) -> tuple[str, ...]:
    """Return what stands in the patient's header, () where every message could be read."""
    found = about(unread, patient)
    if not found:
        return ()
    told = [_told(each, pen) for each in found[:_MOST_NAMED]]
    if len(found) > _MOST_NAMED:
        told.append(pen.say("and {count} more", count=len(found) - _MOST_NAMED))
    what = "; ".join(told)
    if len(found) == 1:
        return (
            pen.say("1 MESSAGE ABOUT THIS PATIENT COULD NOT BE READ ({what}): ASK", what=what),
        )
    return (
        pen.say(
            "{count} MESSAGES ABOUT THIS PATIENT COULD NOT BE READ ({what}): ASK",
            count=len(found),
            what=what,
        ),
    )


def may_hold_doses(unread: Unread, patient: PatientChart, now: int) -> bool:
    """Say whether a message of the last day that could not be read may tell a dose."""
    return any(
        each.received > now - DAY and each.message_type[:3] in (_DOSES, "")
        for each in about(unread, patient)
    )


def unread_feeds(unread: Unread, pen: Pen) -> Iterator[Entry]:
    """Yield one line a feed for the list of what the pack cannot know."""
    for each in unread.feeds:
        told = pen.say(
            "MESSAGES THAT COULD NOT BE READ: {count} of {feed} since {when}",
            count=each.count,
            feed=pen.sent(each.feed) or pen.say("an unknown feed"),
            when=pen.calendar.short(each.since),
        )
        yield Entry(text=told, strong=True)


def _told(message: UnreadMessage, pen: Pen) -> str:
    kind = pen.sent(message.message_type.partition("^")[0]) or pen.say("kind not known")
    return f"{pen.calendar.short(message.received)}, {kind}"
