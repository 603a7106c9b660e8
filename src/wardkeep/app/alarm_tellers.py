"""Who is told when an alarm changes: the log, systemd; later a telephone."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from wardkeep.adapters.system_notice import journal_reads, notify
from wardkeep.alarm.codes import Severity, kind_of
from wardkeep.alarm.events import AlarmEvent, AlarmRaised
from wardkeep.alarm.state import Alarm
from wardkeep.app.alarms import Teller


class Journal:
    """Writes one line a change to standard error, with its priority where the journal reads."""

    def __init__(self, *, with_priority: bool) -> None:
        self._with_priority = with_priority

    def __call__(self, event: AlarmEvent, _standing: Sequence[Alarm]) -> None:
        """Say the change."""
        priority = f"<{priority_of(event).value}>" if self._with_priority else ""
        print(priority + sentence(event), file=sys.stderr, flush=True)  # noqa: T201  # the log


class UnitStatus:
    """Keeps the line that `systemctl status` shows (sd_notify(3), STATUS=)."""

    def __init__(self, address: str) -> None:
        self._address = address

    def __call__(self, _event: AlarmEvent, standing: Sequence[Alarm]) -> None:
        """Say what stands now."""
        told = "; ".join(_named(alarm.code, alarm.subject) for alarm in standing)
        notify(self._address, f"STATUS={len(standing)} alarms: {told}" if told else "STATUS=OK")


def tellers(journal_stream: str, notify_socket: str) -> list[Teller]:
    """Return who is told, by what systemd set in the environment (app.settings)."""
    log: list[Teller] = [Journal(with_priority=journal_reads(journal_stream))]
    return [*log, UnitStatus(notify_socket)] if notify_socket else log


def sentence(event: AlarmEvent) -> str:
    """Return one line on a change: no control character of a detail can begin another."""
    named = _named(event.code, event.subject)
    if isinstance(event, AlarmRaised):
        told = f"wardkeep: ALARM {named}: {event.detail or kind_of(event.code).remedy}"
    else:
        told = f"wardkeep: alarm over: {named}"
    return "".join(each if each.isprintable() else "?" for each in told)


def priority_of(event: AlarmEvent) -> Severity:
    """Return the priority of a change's line; what is over is a notice."""
    return kind_of(event.code).severity if isinstance(event, AlarmRaised) else Severity.NOTICE


def _named(code: str, subject: str) -> str:
    return f"{code} ({subject})" if subject else code
