import hashlib
import json
from contextlib import closing
from pathlib import Path

import pyrage
from tests.stories.site_server import wardkeep

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.operations_store import read_operations
from wardkeep.adapters.pack_keys import PackKeys, of_ward
from wardkeep.adapters.public_pack_keys import keep
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_events import read_pack_events
from wardkeep.app.signing_now import told_of_packs
from wardkeep.pack.events import PART, PackKeyAdopted


def in_fours(digest: str) -> str:
    return " ".join(digest[at : at + 4] for at in range(0, 64, 4))


def test_a_box_tells_its_own_fingerprint_and_whose_envelopes_open_its_packs(
    tmp_path: Path,
) -> None:
    wardkeep("init", tmp_path / "site", "--json")
    folder = HospitalFolder(tmp_path / "site")
    ring = load_key_ring(folder.keys)
    assert told_of_packs(folder).envelopes == ()
    PackKeys(folder.pack_keys, ring).words(of_ward("4B"))
    told = told_of_packs(folder)
    assert told.envelopes == ("ward-4B",)
    assert told.fingerprint == fingerprint(ring.verifying_key())


def test_the_first_shows_the_fingerprint_of_each_key_that_its_second_box_may_be_told(
    tmp_path: Path,
) -> None:
    wardkeep("init", tmp_path / "site", "--json")
    folder = HospitalFolder(tmp_path / "site")
    keys = PackKeys(folder.pack_keys, load_key_ring(folder.keys))
    keys.words(of_ward("4B"))
    digest = hashlib.sha256(keys.public()["ward-4B"].encode()).hexdigest()
    shown = wardkeep("keys", "status", folder.path, "--packs")
    assert f"ward-4B\n  sealed to  {in_fours(digest)}" in shown


def test_another_key_that_the_first_named_is_told_and_used_once_a_person_adopts_it(
    tmp_path: Path,
) -> None:
    wardkeep("init", tmp_path / "site", "--json")
    folder = HospitalFolder(tmp_path / "site")
    ring = load_key_ring(folder.keys)
    known, other = (str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2))
    for each in (known, other):
        keep(folder.pack_keys, [("kitchen", each)], ring.signing_key())
    keys = PackKeys(folder.pack_keys, ring)
    assert told_of_packs(folder).otherwise == ("kitchen",)
    assert keys.public()["kitchen"] == known
    wardkeep("keys", "adopt", folder.path, "ward-4B", status=6)
    before, now = (hashlib.sha256(each.encode()).hexdigest() for each in (known, other))
    told = json.loads(wardkeep("keys", "status", folder.path, "--packs", "--json"))
    assert told["keys_of_packs"]["kitchen"] == {"used": before, "otherwise": now}
    shown = wardkeep("keys", "status", folder.path, "--packs")
    assert f"NOT USED   {in_fours(now)}" in shown
    said = wardkeep("keys", "adopt", folder.path, "kitchen", "kitchen")
    assert "newer keys of: kitchen." in said
    assert f"before  {in_fours(before)}" in said
    assert f"now     {in_fours(now)}" in said
    assert keys.public()["kitchen"] == other
    assert told_of_packs(folder).otherwise == ()
    with closing(read_operations(folder.operations, ring)) as ledger:
        [adopted] = [
            event
            for event in read_pack_events(ledger.after(0, PART))
            if isinstance(event, PackKeyAdopted)
        ]
    assert adopted.holder == "kitchen"
    assert adopted.by.startswith("os:")
    assert adopted.before == hashlib.sha256(known.encode()).hexdigest()
    assert adopted.after == hashlib.sha256(other.encode()).hexdigest()
