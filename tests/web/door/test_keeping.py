from __future__ import annotations

import asyncio
from pathlib import Path

from wardkeep.adapters.door_figures import DoorFigures, SenderFigures, read_figures
from wardkeep.app.alarms import AlarmBook, AlarmRequests
from wardkeep.app.control import ControlServer
from wardkeep.app.folder import lay_out
from wardkeep.kernel.times import MINUTE
from wardkeep.web.door.figures import Tally
from wardkeep.web.door.keeping import ALARM, STANDS, Keeper, refusals

NOW = 1_700_000_000_000_000
REFUSED = SenderFigures(refused={"401": 1}, last_refusal="401 expired", last_refused=NOW)


def test_a_stranger_at_the_door_alarms_no_ward() -> None:
    figures = DoorFigures(senders={"": REFUSED, "emr": REFUSED})
    assert refusals(figures, NOW) == {"emr": "401 expired"}


def test_a_refusal_stands_until_a_quarter_of_an_hour_was_quiet() -> None:
    figures = DoorFigures(senders={"emr": REFUSED})
    assert STANDS == 15 * MINUTE
    assert refusals(figures, NOW + STANDS - 1)
    assert refusals(figures, NOW + STANDS) == {}


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
