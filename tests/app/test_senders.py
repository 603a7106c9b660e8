from __future__ import annotations

import json
from pathlib import Path

from tests.stories.site_server import SiteServer, message, wardkeep

from wardkeep.alarm.state import Name
from wardkeep.app.folder import lay_out
from wardkeep.app.senders import SenderBook
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.sender.state import LEARNING, Seen

LAB = Seen("10.4.0.7", "", "LAB^HR", "ORU^R01")


def test_a_new_sender_is_an_alarm_until_somebody_knows_it_and_a_restart_forgets_nothing(
    tmp_path: Path,
) -> None:
    folder = lay_out(tmp_path / "hospital", "")
    book, recorded = SenderBook(folder), list[OperationsEvent]()
    book.note({"lab": {LAB: 3}, "adt": {}}, 5)
    assert book.alarms() == {}
    book.note({"lab": {LAB._replace(address="10.9.9.9"): 1}}, 5 + LEARNING)
    assert book.alarms() == {Name("sender-new", "lab"): "address 10.9.9.9"}
    book.keep()
    again = SenderBook(folder)
    assert again.memories() == book.memories()
    again.know(("lab", "address", "10.9.9.9"), "otto", 9, recorded.extend)
    assert again.alarms() == {}
    assert [(e.part, e.name, e.by) for e in recorded] == [("sender", "SenderKnown", "otto")]
    assert SenderBook(folder).alarms() == {}


def test_a_running_server_tells_who_sent(tmp_path: Path) -> None:
    server = SiteServer(tmp_path / "hospital")
    server.start()
    try:
        server.send(message(1), message(2))

        def seen() -> dict[tuple[str, str], int]:
            told = json.loads(wardkeep("senders", server.folder, "--json"))
            sights = told.get("main", {}).get("sights", ())
            return {(each["trait"], each["name"]): each["count"] for each in sights}

        # Counted once a second, one message perhaps before the other.
        wanted = dict.fromkeys(
            (
                ("address", "127.0.0.1"),
                ("application", "ADT^H"),
                ("message_type", "ADT^A01^ADT_A01"),
            ),
            2,
        )
        server.await_that(lambda: seen() == wanted)
        assert "127.0.0.1" in wardkeep("senders", server.folder)
        unknown = ("--known", "main", "address", "10.1.1.1")
        wardkeep("senders", server.folder, *unknown, status=6)
        wardkeep("senders", server.folder, "--known", "main", "address", "127.0.0.1")
    finally:
        server.stop()
