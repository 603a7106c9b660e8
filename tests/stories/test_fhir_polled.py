"""A site server asks a FHIR server that only answers searches, and says when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

from tests.adapters.test_fhir_poller import SearchServer, listening
from tests.stories.site_server import SiteServer

from wardkeep.adapters.clinical_store import ClinicalLedger
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.ledger.arrival import Entry, Kind


def entries(folder: Path) -> list[Entry]:
    ledger = ClinicalLedger(folder / "clinical", load_key_ring(folder / "keys"))
    try:
        return ledger.after(0, 100)
    finally:
        ledger.close()


def alarms(folder: Path) -> str:
    path = folder / "run" / "alarms.json"
    return path.read_text() if path.exists() else ""


def test_what_a_server_has_to_say_comes_in_and_its_silence_is_an_alarm(tmp_path: Path) -> None:
    emr = SearchServer()
    emr.put("p1", 1, 1)
    server = SiteServer(tmp_path / "hospital")
    try:
        with listening(emr):
            settings = server.folder / "wardkeep.toml"
            settings.write_text(
                f'{settings.read_text()}\n[[feeds]]\nname = "emr"\nkind = "fhir"\n'
                f'[[polls]]\nfeed = "emr"\nbase_url = "{emr.address}"\ntypes = ["Patient"]\n'
                "interval_seconds = 1\nfirst_days = 3650\n"
            )
            server.start()
            server.await_that(lambda: entries(server.folder))
            found = entries(server.folder)
            assert (found[0].kind, found[0].feed) == (Kind.FHIR, "emr")
            assert json.loads(found[0].body)["entry"][0]["resource"]["id"] == "p1"
            assert "poll-failing" not in alarms(server.folder)
        # It asks again within seconds.
        server.await_that(lambda: "poll-failing" in alarms(server.folder))
        assert server.stop() == 0
    finally:
        server.kill()
