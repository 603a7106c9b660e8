import json
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.stories.site_server import wardkeep

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.operations_store import read_looks, read_operations

SAID = ("--person", "Ann Maes", "--why", "found unconscious")


def test_a_card_tells_who_opened_it_and_both_ledgers_keep_it(
    hospital: Path, tmp_path: Path
) -> None:
    out = tmp_path / "card.pdf"
    told = json.loads(wardkeep("card", hospital, "4711", "--out", out, *SAID, "--json"))
    [page] = PdfReader(out).pages
    text = " ".join(page.extract_text().split())
    assert told == {"file": str(out), "pages": 1, "patients": 1}
    assert "PEETERS" in text
    assert "Opened by Ann Maes" in text
    assert "Penicillin" in text
    assert "Implants, COMPUTED NOT RECORDED" in text
    ring = load_key_ring(hospital / "keys")
    looks = {
        (look.record, look.page, look.why) for look in read_looks(hospital / "access", ring)
    }
    assert ("4711", "verb card", "break-glass") in looks
    assert ("", "break-glass", "Ann Maes: found unconscious") in looks
    ledger = read_operations(hospital / "operations", ring)
    events = [event for _, event in ledger.after(0, "access", 100)]
    ledger.close()
    assert events[-1].name == "GlassBroken"
    assert b"found unconscious" in events[-1].body


def test_the_book_holds_the_whole_index_and_everybody_is_looked_at(
    hospital: Path, tmp_path: Path
) -> None:
    out = tmp_path / "book.pdf"
    words = ("card", hospital, "--all", "--out", out, *SAID, "--language", "de", "--json")
    told = json.loads(wardkeep(*words))
    text = " ".join(page.extract_text() for page in PdfReader(out).pages)
    assert told["patients"] == 2
    assert "BEKANNTE PATIENTEN" in text
    looks = read_looks(hospital / "access", load_key_ring(hospital / "keys"))
    assert {look.record for look in looks if look.page == "verb cards"} == {"4711", "4712"}


@pytest.mark.parametrize(
    ("record", "said", "status"),
    [("9999", SAID, 6), ("4711", ("--person", "Ann Maes", "--why", "asdf"), 2)],
)
def test_an_unknown_number_or_no_reason_opens_nothing(
    hospital: Path, tmp_path: Path, record: str, said: tuple[str, ...], status: int
) -> None:
    out = tmp_path / "none.pdf"
    wardkeep("card", hospital, record, "--out", out, *said, "--json", status=status)
    assert not out.exists()
