from __future__ import annotations

import json
from pathlib import Path

from tests.stories.site_server import SiteServer, wardkeep

from wardkeep.app.alarms import raise_alarm
from wardkeep.app.folder import open_folder


def test_what_stands_is_told_by_a_running_server_with_what_to_do(tmp_path: Path) -> None:
    server = SiteServer(tmp_path / "hospital")
    wardkeep("alarms", server.folder, status=5)
    server.start()
    try:
        assert json.loads(wardkeep("alarms", server.folder, "--json")) == {"alarms": []}
        assert wardkeep("alarms", server.folder) == ""
        folder = open_folder(server.folder)
        meteor = ("meteor", "north\x1b wing", "seen from the roof")
        server.await_that(lambda: raise_alarm(folder, *meteor))  # False where it was too slow
        said = wardkeep("alarms", server.folder, status=7)
        assert said.startswith("CRITICAL meteor north[U+001B] wing, since ")
        assert "What to do: Look at the log of this server." in said
        (told,) = json.loads(wardkeep("alarms", server.folder, "--json", status=7))["alarms"]
        assert (told["code"], told["severity"]) == ("meteor", "critical")
        assert told["detail"] == "seen from the roof"
    finally:
        server.stop()
