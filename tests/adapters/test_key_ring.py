import resource
import subprocess
import sys
from pathlib import Path

import pytest

from wardkeep.adapters.key_ring import (
    KeyRing,
    load_key_ring,
    make_key_ring,
    recover_key_ring,
)
from wardkeep.ledger.errors import KeyMissingError, RecoveryWordsError


@pytest.fixture
def site(tmp_path: Path) -> tuple[Path, KeyRing, str]:
    keys = tmp_path / "keys"
    keys.mkdir()
    ring, words = make_key_ring(keys)
    return tmp_path, ring, words


Site = tuple[Path, KeyRing, str]


def test_a_day_key_opens_with_the_servers_key_and_is_never_the_same(site: Site) -> None:
    folder, ring, _ = site
    one, two = ring.make_key(folder / "one.key"), ring.make_key(folder / "two.key")
    assert one != two
    assert load_key_ring(folder / "keys").open_key(folder / "one.key") == one
    assert (folder / "one.key").stat().st_mode & 0o777 == 0o600


def test_nothing_on_the_disk_holds_the_words_or_a_day_key(site: Site) -> None:
    folder, ring, words = site
    key = ring.make_key(folder / "one.key")
    content = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    assert key not in content
    assert key.hex().encode() not in content
    assert words.split()[0].encode() + b" " not in content


def test_with_all_keys_lost_the_words_open_every_store(site: Site) -> None:
    folder, ring, words = site
    key = ring.make_key(folder / "one.key")
    signing = ring.verifying_key().public_bytes_raw()
    for path in (folder / "keys").iterdir():
        path.unlink()
    with pytest.raises(KeyMissingError):
        load_key_ring(folder / "keys")
    recovered = recover_key_ring(folder / "keys", words, [folder / "one.key"])
    assert recovered.closed == ()
    again = load_key_ring(folder / "keys")
    assert again.open_key(folder / "one.key") == key
    assert again.verifying_key().public_bytes_raw() == signing


def test_after_a_recovery_the_old_server_key_opens_nothing(site: Site) -> None:
    folder, ring, words = site
    ring.make_key(folder / "one.key")
    recover_key_ring(folder / "keys", words, [folder / "one.key"])
    with pytest.raises(KeyMissingError):
        ring.open_key(folder / "one.key")


def test_the_words_hold_after_a_recovery_too(site: Site) -> None:
    folder, ring, words = site
    key = ring.make_key(folder / "one.key")
    for _ in range(2):
        again = recover_key_ring(folder / "keys", words, [folder / "one.key"]).ring
    assert again.open_key(folder / "one.key") == key


def test_one_damaged_key_file_does_not_keep_the_others_shut(site: Site) -> None:
    folder, ring, words = site
    key = ring.make_key(folder / "one.key")
    (folder / "two.key").write_bytes(b"damaged")
    files = [folder / "one.key", folder / "two.key"]
    recovered = recover_key_ring(folder / "keys", words, files)
    assert recovered.closed == (folder / "two.key",)
    assert recovered.ring.open_key(folder / "one.key") == key


def test_a_lost_signing_key_is_made_anew(site: Site) -> None:
    folder, ring, words = site
    ring.make_key(folder / "one.key")
    before = ring.verifying_key().public_bytes_raw()
    (folder / "signing.key").unlink()
    recovered = recover_key_ring(folder / "keys", words, [folder / "one.key"])
    assert recovered.ring.verifying_key().public_bytes_raw() != before


def test_words_of_another_site_change_nothing(site: Site, tmp_path: Path) -> None:
    folder, ring, _ = site
    key = ring.make_key(folder / "one.key")
    (tmp_path / "other" / "keys").mkdir(parents=True)
    _, others = make_key_ring(tmp_path / "other" / "keys")
    with pytest.raises(RecoveryWordsError):
        recover_key_ring(folder / "keys", others, [folder / "one.key"])
    assert load_key_ring(folder / "keys").open_key(folder / "one.key") == key


def test_packs_are_wrapped_and_opened(site: Site) -> None:
    folder, ring, _ = site
    (folder / "pack.age").write_bytes(ring.wrap(b"%PDF"))
    assert ring.unwrap(folder / "pack.age") == b"%PDF"


def test_a_process_that_holds_keys_leaves_no_core_and_cannot_be_looked_into() -> None:
    script = (
        "import ctypes, resource; from wardkeep.adapters.key_ring import forbid_core_dumps\n"
        "forbid_core_dumps()\n"
        "dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), dumpable)"
    )
    source = Path(__file__).parents[2] / "src"
    said = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        env={"PYTHONPATH": str(source)},
        text=True,
    )
    assert said.stdout == "(0, 0) 0\n"
    assert resource.getrlimit(resource.RLIMIT_CORE) is not None
