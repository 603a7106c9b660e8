from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.ledgers import Ledgers

from wardkeep.adapters import clock
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import delivery_ledger
from wardkeep.ledger.errors import StoreFailedError
from wardkeep.pack.delivery_asks import Ask
from wardkeep.pack.events import PackDeliveryAsked
from wardkeep.web.folder_deliveries import FolderDeliveries


def failing() -> dict[str, Ask]:
    raise StoreFailedError("the disk is gone")


def test_a_delivery_is_asked_once_while_it_is_under_way_and_again_where_no_ledger_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers, sent = Ledgers(tmp_path), list[PackDeliveryAsked]()
    book = delivery_ledger(HospitalFolder(tmp_path), ledgers.ring)
    deliveries = FolderDeliveries(HospitalFolder(tmp_path), book, sent.append)
    assert deliveries.ask("ward share", "an")
    assert [(each.target, each.by) for each in sent] == [("ward share", "an")]
    under_way = {"ward share": Ask(asked=sent[0])}
    monkeypatch.setattr(book, "asks", lambda: under_way)
    monkeypatch.setattr(clock, "now", lambda: sent[0].at)
    assert not deliveries.ask("ward share", "bert")
    assert len(sent) == 1
    monkeypatch.setattr(book, "asks", failing)
    assert deliveries.asks() is None
    assert deliveries.ask("ward share", "bert")
    assert sent[-1].by == "bert"
    ledgers.close()


def test_files_at_targets_that_no_ledger_tells_of_are_not_known_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers = Ledgers(tmp_path)
    book = delivery_ledger(HospitalFolder(tmp_path), ledgers.ring)
    deliveries = FolderDeliveries(HospitalFolder(tmp_path), book, print)
    assert deliveries.looks() == {}
    assert deliveries.standing() == {}
    monkeypatch.setattr(book, "targets", failing)
    assert deliveries.looks() is None
    ledgers.close()
