from __future__ import annotations

import asyncio
from pathlib import Path

from wardkeep.adapters.door_figures import read_figures
from wardkeep.app.alarms import AlarmBook, AlarmRequests
from wardkeep.app.control import ControlServer
from wardkeep.app.folder import lay_out
from wardkeep.web.door.figures import Tally
from wardkeep.web.door.keeping import ALARM, Keeper

NOW = 1_700_000_000_000_000


def test_a_refusal_from_before_a_restart_does_not_stand_for_ever(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "hospital", "")
    book = AlarmBook(folder)
    book.raise_(ALARM, "emr", NOW, "its token is withdrawn")
    book.tell(NOW, lambda _told: None)
    tally = Tally(read_figures(folder.door_figures), lambda: NOW)
    alarms = AlarmRequests(book, lambda: NOW)

    async def keep() -> None:
        control = ControlServer(folder.control_socket, {"alarms.clear": alarms.clear})
        await control.start()
        await asyncio.to_thread(Keeper(folder).keep, tally)
        await control.close()

    asyncio.run(keep())
    assert book.standing() == []
