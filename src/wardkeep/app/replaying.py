"""Has a quarantined entry read again, by the running server or, where none runs, here."""

from __future__ import annotations

import getpass

from wardkeep.adapters.clock import now
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.operations_store import OPERATIONS, open_operations
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.consulting import consult
from wardkeep.app.control import call, is_running
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.site_keys import ask_before_locking, open_keys
from wardkeep.chart.replay import ReplayAsked, to_event
from wardkeep.hospital.site import Site


def replay(folder: HospitalFolder, site: Site, sequence: int) -> dict[str, str]:
    """Return the outcome, "in_chart" or "still_unreadable", and the reason where it stays."""
    who = f"os:{getpass.getuser()}"
    if is_running(folder.control_socket):
        asked = {"sequence": sequence, "by": who}
        answer = call(folder.control_socket, "quarantine.replay", asked)
        return {"outcome": str(answer["outcome"]), "reason": str(answer["reason"])}
    ask_before_locking(folder)
    with WriterLock(folder.writer_lock):
        ring = open_keys(folder)
        heads = given_out(folder.ledgers, ring)
        operations = open_operations(
            folder.operations, ring, site.cipher, heads.get(OPERATIONS)
        )
        operations.append([to_event(ReplayAsked(sequence), now(), who)])
        operations.close()
    charts = consult(folder, site)
    held = [each for each in charts.quarantine(1_000_000) if each.sequence == sequence]
    charts.close()
    if held:
        return {"outcome": "still_unreadable", "reason": held[0].reason}
    return {"outcome": "in_chart", "reason": ""}
