import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyrage
import pytest

from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.adapters.pack_keys import CRISIS, PHARMACY, PackKeys, of_ward, seal
from wardkeep.adapters.rewrapping import wrapped_files
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.ledger.recovery import identity_of


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    (tmp_path / "keys").mkdir()
    return make_key_ring(tmp_path / "keys")[0]


def test_a_pack_opens_with_its_ward_the_crisis_team_and_the_pharmacy_and_nobody_else(
    ring: KeyRing, tmp_path: Path
) -> None:
    keys = PackKeys(tmp_path / "pack-keys", ring)
    sealed = seal(b"pack", keys.recipients(of_ward("4B"), CRISIS, PHARMACY))
    for holder in (of_ward("4B"), CRISIS, PHARMACY):
        identity = pyrage.x25519.Identity.from_str(identity_of(keys.words(holder)))
        assert pyrage.decrypt(sealed, [identity]) == b"pack"
        assert str(identity) == keys.identity(holder)
    other = pyrage.x25519.Identity.from_str(keys.identity(of_ward("5A")))
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [other])


def test_an_envelope_stays_good_over_restarts_and_new_server_keys(
    ring: KeyRing, tmp_path: Path
) -> None:
    words = PackKeys(tmp_path / "pack-keys", ring).words(of_ward("4B"))
    assert PackKeys(tmp_path / "pack-keys", ring).words(of_ward("4B")) == words
    # What a rotation wraps anew, and what a backup holds.
    assert tmp_path / "pack-keys" / "ward-4B.key" in wrapped_files(tmp_path)
    kept = (tmp_path / "pack-keys" / "ward-4B.key").read_bytes()
    # Single words are short: "age" is among them and stands in the head of every such file.
    assert words.encode() not in kept
    assert PackKeys(tmp_path / "pack-keys", ring).identity(of_ward("4B")).encode() not in kept


def test_a_key_that_cannot_be_opened_is_never_made_anew(ring: KeyRing, tmp_path: Path) -> None:
    keys = PackKeys(tmp_path / "pack-keys", ring)
    keys.words(CRISIS)
    path = tmp_path / "pack-keys" / "crisis.key"
    path.write_bytes(damaged := path.read_bytes()[:-1])
    with pytest.raises(KeyMissingError):
        keys.recipients(of_ward("4B"), CRISIS, PHARMACY)
    assert path.read_bytes() == damaged


def test_many_who_need_a_key_at_once_get_the_same(ring: KeyRing, tmp_path: Path) -> None:
    keys = PackKeys(tmp_path / "pack-keys", ring)
    program = (
        "import sys; from pathlib import Path; f = Path(sys.argv[1]);"
        "from wardkeep.adapters.key_ring import load_key_ring;"
        "from wardkeep.adapters.pack_keys import PackKeys;"
        "print(PackKeys(f / 'pack-keys', load_key_ring(f / 'keys')).words('pharmacy'))"
    )
    with ThreadPoolExecutor(4) as pool:
        runs = [
            pool.submit(subprocess.check_output, [sys.executable, "-c", program, tmp_path])
            for _ in range(4)
        ]
    assert len({run.result() for run in runs}) == 1
    assert runs[0].result().decode().strip() == keys.words(PHARMACY)
    left = [path.name for path in (tmp_path / "pack-keys").iterdir()]
    assert left == ["pharmacy.key"]
