from __future__ import annotations

from pathlib import Path

import pytest
from tests.stories.site_server import SiteServer, wardkeep

from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.app.alarms import ask_standing
from wardkeep.app.errors import NotRunningError
from wardkeep.app.folder import open_folder
from wardkeep.app.held_packs import decide, held_packs
from wardkeep.app.pack_process import Decisions, since
from wardkeep.app.site_keys import open_keys
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.errors import NotHeldError
from wardkeep.pack.events import PackHeld, PackKept, PackReleased
from wardkeep.pack.state import Hold

HELD = PackHeld(
    ward="4B",
    at=1_700_000_000_000_000,
    since=1_700_000_000_000_000 - MINUTE,
    sound_at=1_700_000_000_000_000 - MINUTE,
    patients=24,
    hit=9,
    gone=9,
    merged=0,
    stopped=0,
    stripped=0,
)


def test_a_held_pack_is_an_alarm_and_a_person_decides_from_the_terminal(tmp_path: Path) -> None:
    server = SiteServer(tmp_path / "hospital")
    folder = open_folder(server.folder)
    ring = open_keys(folder)
    assert held_packs(folder) == []
    PackShelf(folder.packs, ring).hold("4B", Hold(held=HELD))
    with pytest.raises(NotRunningError):
        decide(folder, "keep", "4B", "lea", "asked Anna")
    with pytest.raises(NotHeldError):
        decide(folder, "keep", "5A", "lea", "asked Anna")
    said = wardkeep("brake", "list", server.folder)
    assert said.startswith("4B: held since 14 Nov 23:13 CET, paper of 14 Nov 23:12 CET")
    assert "9 of 24 patients: 9 left the ward (0 merged)" in said
    server.start()
    try:
        server.await_that(
            lambda: [a.name for a in ask_standing(folder)] == [("pack-held", "4B")]
        )
        wardkeep("brake", "keep", server.folder, "4B", "--why", "asked Anna", status=0)
        server.await_that(lambda: held_packs(folder)[0].kept is not None)
        assert "stays held, said os:" in wardkeep("brake", "list", server.folder)
        wardkeep("brake", "release", server.folder, "4B", "--why", "moved to 5A")
        server.await_that(lambda: held_packs(folder) == [])
        server.await_that(lambda: ask_standing(folder) == [])
        heard = Decisions(folder, ring).heard(since({"4B": Hold(held=HELD)}))
        assert [type(each) for each in heard] == [PackKept, PackReleased]
        wardkeep("brake", "keep", server.folder, "4B", "--why", "again", status=6)
    finally:
        server.stop()
