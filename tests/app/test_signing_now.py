from pathlib import Path

from tests.stories.site_server import wardkeep

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.pack_keys import PackKeys, of_ward
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.signing_now import told_of_packs


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
