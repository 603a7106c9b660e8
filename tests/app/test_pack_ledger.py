from __future__ import annotations

from pathlib import Path

import pytest
from tests.stories.site_server import wardkeep

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import delivery_ledger, printing_ledger, recorder
from wardkeep.app.recording import opened_operations
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
