from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardkeep.adapters.key_ring import load_key_ring, make_key_ring


def public() -> bytes:
    return Ed25519PrivateKey.generate().public_key().public_bytes_raw()


def keys(folder: Path) -> set[bytes]:
    ring = load_key_ring(folder / "keys")
    return {key.public_bytes_raw() for key in ring.verifying_keys()}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "keys").mkdir()
    make_key_ring(tmp_path / "keys")
    return tmp_path


def test_the_key_of_another_box_is_believed_once_it_was_pinned(site: Path) -> None:
    first = public()
    assert len(keys(site)) == 1
    load_key_ring(site / "keys").trust("St Mary", first)
    load_key_ring(site / "keys").trust("St Mary, box 1", first)
    assert first in keys(site)
    assert len(keys(site)) == 2


def test_a_key_that_this_site_did_not_sign_is_not_believed(site: Path) -> None:
    load_key_ring(site / "keys").trust("St Mary", public())
    file = site / "keys" / "signers.json"
    file.write_bytes(file.read_bytes().replace(b"St Mary", b"St Mara"))
    assert len(keys(site)) == 1


@pytest.mark.parametrize("content", [b"", b"{", b'[{"name": 1}]'])
def test_a_damaged_list_leaves_the_sites_own_key(site: Path, content: bytes) -> None:
    (site / "keys" / "signers.json").write_bytes(content)
    assert len(keys(site)) == 1
