from __future__ import annotations

from pathlib import Path

import pytest
from tests.stories.site_server import wardkeep

from wardkeep.adapters import ledger_reader
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.app import pack_ledger
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import delivery_ledger, printing_ledger, recorder
from wardkeep.app.recording import opened_operations
from wardkeep.kernel.times import DAY
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.pack.events import (
    ON_PAGE,
    PART,
    DeliveriesChecked,
    PackAccepted,
    PackDeliveryAsked,
    encode,
)
from wardkeep.pack.receipts import NO_RECEIPTS

ACCEPTED = PackAccepted(
    ward="4B", generation=3, built=2, as_of=None, at=5, by="anna", way=ON_PAGE
)
CHECKED = DeliveriesChecked(target="share", at=6, by="wardkeep", wards=1)


def entry(name: str, version: int, body: bytes) -> OperationsEvent:
    return OperationsEvent(part=PART, name=name, version=version, at=4, by="x", body=body)


@pytest.fixture
def folder(tmp_path: Path) -> HospitalFolder:
    wardkeep("init", tmp_path / "site", "--json")
    return HospitalFolder(tmp_path / "site")


def test_an_event_that_cannot_be_read_stops_no_ask_no_look_and_no_receipt(
    folder: HospitalFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    ring = load_key_ring(folder.keys)
    ledger = delivery_ledger(folder, ring)
    assert (ledger.asks(), ledger.targets(), ledger.receipts()) == ({}, {}, NO_RECEIPTS)
    asked = PackDeliveryAsked(target="share", at=4, by="ines")
    with opened_operations(folder, ring) as store:
        later = OperationsEvent(
            part=PART,
            name="PackFolded",
            version=9,
            at=1,
            by="x",
            body=b'{"type":"PackFolded.v9"}',
        )
        store.append([later])
    recorder(folder, ring)([ACCEPTED, CHECKED])
    with opened_operations(folder, ring) as store:
        body = encode(asked)[1]
        store.append(
            [
                OperationsEvent(
                    part=PART, name="PackDeliveryAsked", version=1, at=4, by="ines", body=body
                )
            ]
        )
    assert ledger.asks()["share"].asked == asked
    assert ledger.targets() == {"share": CHECKED}
    assert ledger.receipts().wards["4B"].accepted == ACCEPTED
    assert "PackFolded.v9" in capsys.readouterr().err
    ledger.close()


def test_printing_and_deliveries_of_a_first_read_the_same(folder: HospitalFolder) -> None:
    ring = load_key_ring(folder.keys)
    recorder(folder, ring)([CHECKED])
    for ledger in (printing_ledger(folder, ring), delivery_ledger(folder, ring)):
        assert ledger.targets() == {"share": CHECKED}
        ledger.close()


def asked(target: str, at: int) -> OperationsEvent:
    body = encode(PackDeliveryAsked(target=target, at=at, by="ines"))[1]
    return OperationsEvent(
        part=PART, name="PackDeliveryAsked", version=1, at=at, by="ines", body=body
    )


def test_a_long_ledger_is_read_to_its_end_at_once(
    folder: HospitalFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = load_key_ring(folder.keys)
    with opened_operations(folder, ring) as store:
        store.append([asked(f"share {n}", n) for n in range(20)])
        store.append([entry("OfAnotherPart", 1, b"{}")])
    recorder(folder, ring)([ACCEPTED])
    monkeypatch.setattr(ledger_reader, "BYTES_AT_ONCE", 300)
    ledger = delivery_ledger(folder, ring)
    assert ledger.receipts().wards["4B"].accepted == ACCEPTED
    assert len(ledger.asks()) == 20
    ledger.close()


def test_a_week_is_read_however_many_entries_it_has_and_so_many_however_old_they_are(
    folder: HospitalFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = load_key_ring(folder.keys)
    with opened_operations(folder, ring) as store:
        for day in range(1, 13):
            store.append([asked(f"day {day}", day * DAY)])
    monkeypatch.setattr(pack_ledger, "_FEWEST", 2)
    ledger = delivery_ledger(folder, ring)
    assert sorted(ledger.asks()) == sorted(f"day {day}" for day in range(5, 13))
    ledger.close()
    monkeypatch.setattr(pack_ledger, "_FEWEST", 10)
    ledger = delivery_ledger(folder, ring)
    assert sorted(ledger.asks()) == sorted(f"day {day}" for day in range(3, 13))
    ledger.close()
