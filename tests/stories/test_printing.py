"""A ward's paper, from the order to the tray: a real server, a real CUPS, a real printer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.adapters.cups import PrintRoom, print_room
from tests.stories.site_server import (
    ENVIRONMENT,
    PATIENCE_SECONDS,
    SiteServer,
    message,
    wardkeep,
)

from wardkeep.adapters.operations_store import read_looks
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.app.alarms import ask_standing
from wardkeep.app.folder import open_folder
from wardkeep.app.pack_ledger import printing_ledger
from wardkeep.app.site_keys import open_keys
from wardkeep.hospital.printing import Printer


@pytest.fixture(scope="module")
def room() -> Iterator[PrintRoom]:
    with print_room() as each:
        each.start_printer()
        each.start_cups()
        yield each


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, room: PrintRoom) -> Iterator[SiteServer]:
    made = SiteServer(tmp_path_factory.mktemp("site") / "hospital")
    with (made.folder / "wardkeep.toml").open("a") as settings:
        settings.write(f'\n[printing]\ncups_socket = "{room.folder}/cups.sock"\n')
        for printer in (room.queued, room.direct):
            settings.write(table(printer))
    made.start()
    made.send(message(1), message(2, record="4712"))
    yield made
    made.kill()


@pytest.fixture(autouse=True)
def in_order(room: PrintRoom) -> Iterator[None]:
    yield
    for name in ("jam", "break", "mute"):
        (room.folder / name).unlink(missing_ok=True)


def table(printer: Printer) -> str:
    return f'\n[[printers]]\nname = "{printer.name}"\nuri = "{printer.uri}"\nwards = ["A2"]\n'


def shelved(server: SiteServer) -> None:
    """Return once the pack is made of both patients."""
    shelf = PackShelf(server.folder / "packs", open_keys(open_folder(server.folder)))

    def holds_both() -> bool:
        built = shelf.standing().newest.get("A2")
        return built is not None and built.patients == 2

    server.await_that(holds_both)


def orders(said: str) -> list[dict[str, Any]]:
    found = json.loads(said)["orders"]
    assert isinstance(found, list)
    return found


def standing(server: SiteServer, order: str) -> dict[str, Any]:
    """How an order stands, as the verb tells it."""
    found = orders(wardkeep("print", server.folder, "--json"))
    return next(each for each in found if each["order"] == order)


def ordered(server: SiteServer, *words: str) -> list[dict[str, Any]]:
    """Order paper by the verb; return what it tells of each order once it has ended."""
    done = subprocess.run(
        [sys.executable, "-m", "wardkeep", "print", str(server.folder), *words, "--json"],
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode in {0, 1}, done.stderr
    found = orders(done.stdout)
    assert done.returncode == any(each["state"] != "printed" for each in found)
    return found


def settled(server: SiteServer, *words: str) -> list[dict[str, Any]]:
    """Order paper; return what came of each order.

    On a loaded machine a printer may be silent at first: the verb says so and ends, and the
    server tries again by itself.
    """
    numbers = [each["order"] for each in ordered(server, *words)]

    def is_settled(order: str) -> bool:
        told = standing(server, order)
        return told["state"] not in {"ordered", "printing"} and told["why"] != "silent"

    server.await_that(lambda: all(map(is_settled, numbers)))
    return [standing(server, number) for number in numbers]


def by_queue(
    server: SiteServer, room: PrintRoom, order: Callable[[], list[dict[str, Any]]]
) -> dict[str, Any]:
    """Order paper at the queue; return what came of it.

    A job that CUPS sent twice is not called printed, and rightly so: it is ordered again.
    """
    for _ in range(5):
        [done] = order()
        if done["why"] != "miscounted":
            return done
        assert room.times(done["order"]) > 1, (done, room.cups_said())
        wardkeep(
            "print", server.folder, "--give-up", done["order"], "--why", "lies there twice"
        )
    raise AssertionError(room.cups_said())


def test_a_ward_is_printed_by_a_real_queue_counted_and_gone_from_the_spool(
    server: SiteServer, room: PrintRoom
) -> None:
    shelved(server)
    done = by_queue(server, room, lambda: settled(server, "--ward", "A2"))
    assert (done["state"], done["printer"], done["counted_by"]) == (
        "printed",
        "queued",
        "printer",
    )
    assert done["sheets"] == done["pages"] >= 3
    room.await_that(lambda: room.spooled() == [])  # it is taken off once the sheets are counted
    told = [path.name for path in (room.folder / "tray").iterdir()]
    assert any(done["order"] in name for name in told)
    assert not any("A2" in name or "Peeters" in name for name in told)
    looks = read_looks(server.folder / "access", open_keys(open_folder(server.folder)))
    who = [(k.who, k.page, k.record) for k in looks if k.page == "verb print"]
    assert {record for _, _, record in who} == {"4711", "4712"}
    assert all(name.startswith("os:") for name, _, _ in who)
    assert "printed, " in wardkeep("print", server.folder)


def test_half_a_ward_is_an_alarm_until_a_person_has_looked_into_the_tray(
    server: SiteServer, room: PrintRoom
) -> None:
    shelved(server)
    room.break_after(1)
    [stuck] = settled(server, "--ward", "A2", "--printer", "direct")
    assert (stuck["state"], stuck["why"], stuck["sheets"]) == ("stuck", "ended", 1)
    folder = open_folder(server.folder)
    named = ("print-stuck", "A2")
    server.await_that(lambda: named in [a.name for a in ask_standing(folder)])
    wardkeep("print", server.folder, "--confirm", stuck["order"], status=2)
    wardkeep("print", server.folder, "--confirm", stuck["order"], "--why", "counted them")
    after = standing(server, stuck["order"])
    assert (after["state"], after["counted_by"][:3]) == ("printed", "os:")
    server.await_that(lambda: named not in [a.name for a in ask_standing(folder)])
    wardkeep("print", server.folder, "--give-up", stuck["order"], "--why", "no", status=6)


def test_a_printing_process_that_is_killed_prints_nothing_twice(
    server: SiteServer, room: PrintRoom
) -> None:
    shelved(server)
    room.jam(1)
    words = ("print", server.folder, "--ward", "A2", "--printer", "direct", "--no-wait")
    [ordered] = orders(wardkeep(*words, "--json"))
    server.await_that(lambda: room.sheets(ordered["order"]) == 1)
    os.kill(server.child("wardkeep.app.print_process"), signal.SIGKILL)
    room.jam(None)
    server.await_that(lambda: standing(server, ordered["order"])["state"] == "printed")
    done = standing(server, ordered["order"])
    assert done["sheets"] == done["pages"] == room.sheets(ordered["order"])


def test_a_whole_hospital_is_planned_and_then_printed_ward_sheets_first(
    server: SiteServer, room: PrintRoom
) -> None:
    shelved(server)
    planned = json.loads(wardkeep("print", server.folder, "--all", "--plan", "--json"))
    assert [step["part"] for step in planned["steps"]] == ["sheet", "records"]
    assert planned["minutes_to_last_ward"] > planned["minutes_to_last_sheet"] > 0
    gone = json.loads(wardkeep("print", server.folder, "--all", "--plan", "--room", "--json"))
    assert gone["without_printer"] == ["A2"], "no print room is declared"
    done = settled(server, "--all")
    assert [(each["part"], each["state"]) for each in done] == [
        ("sheet", "printed"),
        ("records", "printed"),
    ]
    assert [each["pages"] for each in done] == [step["pages"] for step in planned["steps"]]
    room.await_that(lambda: room.spooled() == [])


def test_the_server_proves_a_ward_by_its_paper_and_so_does_the_verb(
    server: SiteServer,
) -> None:
    shelved(server)
    told = json.loads(wardkeep("proof", server.folder, "--ward", "A2", "--json"))
    assert told["checks_made"] == told["checks_right"] >= 6
    assert told["wrong"] == {}
    assert "A2: pack " in wardkeep("proof", server.folder)
    wardkeep("proof", server.folder, "--ward", "9Z", status=6)
    folder = open_folder(server.folder)
    ledger = printing_ledger(folder, open_keys(folder))
    server.await_that(lambda: "A2" in ledger.proofs())
    ledger.close()


def test_paper_comes_without_a_server_too(server: SiteServer, room: PrintRoom) -> None:
    shelved(server)
    assert server.stop() == 0

    def until_it_answers() -> list[dict[str, Any]]:
        done = ordered(server, "--ward", "A2")
        while done[0]["why"] == "silent":  # no server tries again: who needs it does
            done = ordered(server, "--ward", "A2")
        return done

    done = by_queue(server, room, until_it_answers)
    assert (done["ward"], done["state"]) == ("A2", "printed"), room.cups_said()
    wardkeep("print", server.folder, "--ward", "9Z", status=6)
    wardkeep("print", server.folder, "--ward", "A2", "--printer", "nobody", status=6)
