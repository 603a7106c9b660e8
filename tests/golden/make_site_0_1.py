"""Makes the data folder of release 0.1.0 as its users have it: run once, with its source.

In a checkout of that release, with this file's own path and a new folder as arguments:

    PYTHONPATH=src:. python .../tests/golden/make_site_0_1.py .../tests/golden/site_0_1

The folder keeps its keys, since it is a test's; what is told once, and what the release said of
the charts, lies beside it. Nobody ever edits what it made.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
import time
from pathlib import Path

from tests.stories.site_server import SiteServer, browser, wardkeep

from wardkeep.adapters.encrypted_database import open_for_writing
from wardkeep.adapters.key_ring import KeyRing, load_key_ring
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import Size

_START = 1_653_350_400_000_000  # 2022-05-24T00:00:00Z
_PACK_PATIENCE_SECONDS = 120


def main(out: Path) -> None:
    """Found a site, feed it, have people look, make accounts and paper, end it in order."""
    server = SiteServer(out / "hospital")
    server.start()
    small = Size(wards=3, patients=3, appointments=2, messages_a_day=0, history_hours=3)
    hospital = Hospital(7, _START, small)
    sent = [message.body for message in hospital.first_fill()]
    answers = server.send(*sent, b"MSH|^~\\&|LAB|H|WK|H|20220523||ORU^R01|X1|P|2.5\rOBX|1")
    accounts = [("anna", "ward"), ("ines", "it"), ("audi", "auditor"), ("gone", "ward")]
    for name, role in accounts:
        word = f"{name} has her password"
        add = ("user", "add", server.folder, name, "--role", role, "--password-stdin")
        wardkeep(*add, words_in=word + "\n")
    wardkeep("user", "disable", server.folder, "gone")
    charts = {r: wardkeep("chart", server.folder, r, "--json") for r in hospital.records()}
    wards = json.loads(wardkeep("wards", server.folder, "--json"))
    with browser(server) as client:
        assert client.get("/").status_code == 200
    _await_packs(server.folder, len(wards))
    assert server.stop() == 0
    verdict = json.loads(wardkeep("verify", server.folder, "--json"))
    assert verdict["ok"]
    shutil.rmtree(server.folder / "run")
    _carry_in(server.folder / "chart" / "chart.db", load_key_ring(server.folder / "keys"))
    for index in server.folder.glob("*/*.db-shm"):
        index.unlink()  # of the log, made anew by whoever opens it
    told = {
        "release": wardkeep("--version").strip(),
        "recovery_words": server.made["recovery_words"],
        "password": server.made["password"],
        "ports": [server.mllp_port, server.web_port],
        "passwords": {name: f"{name} has her password" for name, _ in accounts},
        "messages": len(answers),
        "entries": verdict["entries"],
        "wards": wards,
    }
    (out / "told.json").write_text(json.dumps(told, indent=1, sort_keys=True) + "\n")
    said = json.dumps({record: json.loads(chart) for record, chart in charts.items()})
    (out / "charts.json.gz").write_bytes(gzip.compress(said.encode(), mtime=0))


def _carry_in(store: Path, ring: KeyRing) -> None:
    """Carry the log of the charts into their file: it would be most of what is kept here."""
    connection = open_for_writing(store, ring.open_key(store.with_suffix(".key")))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _await_packs(folder: Path, wards: int) -> None:
    for _ in range(_PACK_PATIENCE_SECONDS * 10):
        if len(list(folder.glob("packs/*/newest.json"))) >= wards:
            return
        time.sleep(0.1)
    raise AssertionError("no packs")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
