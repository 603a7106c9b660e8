from pathlib import Path

import pytest

from wardkeep.adapters.errors import ReleaseKeyError
from wardkeep.adapters.programs import run
from wardkeep.adapters.release_key import load_key, make_key


def test_a_key_is_made_private_and_read_back(tmp_path: Path) -> None:
    made = make_key(tmp_path / "key", None)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert load_key(tmp_path / "key", None).private_bytes_raw() == made.private_bytes_raw()
    with pytest.raises(ReleaseKeyError, match="already there"):
        make_key(tmp_path / "key", None)


def test_a_key_under_a_passphrase_opens_with_it_and_with_no_other(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("correct horse\n")
    (tmp_path / "wrong").write_text("wrong horse\n")
    make_key(tmp_path / "key", tmp_path / "word")
    load_key(tmp_path / "key", tmp_path / "word")
    for passphrase in (None, tmp_path / "wrong"):
        with pytest.raises(ReleaseKeyError, match="passphrase"):
            load_key(tmp_path / "key", passphrase)


def test_what_is_no_key_to_sign_with_is_named(tmp_path: Path) -> None:
    (tmp_path / "rsa").write_bytes(run(["openssl", "genpkey", "-algorithm", "RSA"]))
    (tmp_path / "words").write_text("words")
    for name, why in (
        ("rsa", "not an Ed25519"),
        ("words", "no private key"),
        ("gone", "No such"),
    ):
        with pytest.raises(ReleaseKeyError, match=why):
            load_key(tmp_path / name, None)


def test_a_key_of_openssl_signs_too(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(run(["openssl", "genpkey", "-algorithm", "ED25519"]))
    assert len(load_key(tmp_path / "key", None).sign(b"x")) == 64
