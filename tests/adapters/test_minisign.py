import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.adapters import minisign
from wardkeep.adapters.errors import BadSignatureError

KEY = Ed25519PrivateKey.generate()


@given(st.binary(max_size=200), st.text(st.characters(codec="ascii", categories=["L", "N"])))
def test_what_was_signed_is_known_again_with_its_comment(content: bytes, comment: str) -> None:
    signature = minisign.sign(content, KEY, comment)
    assert minisign.check(content, signature, KEY.public_key()) == comment


@given(st.text(max_size=300))
def test_no_text_is_taken_for_a_signature_or_a_key(text: str) -> None:
    with pytest.raises(BadSignatureError):
        minisign.check(b"content", text, KEY.public_key())
    with pytest.raises(BadSignatureError):
        minisign.read_public(text)


def test_another_content_comment_or_key_is_refused() -> None:
    signature = minisign.sign(b"content", KEY, "release one")
    other = Ed25519PrivateKey.generate().public_key()
    for content, text, key in (
        (b"other", signature, KEY.public_key()),
        (b"content", signature.replace("one", "two"), KEY.public_key()),
        (b"content", signature, other),
    ):
        with pytest.raises(BadSignatureError):
            minisign.check(content, text, key)


def test_minisign_itself_agrees(tmp_path: Path) -> None:
    (tmp_path / "MANIFEST").write_bytes(b"words\n")
    (tmp_path / "MANIFEST.minisig").write_text(minisign.sign(b"words\n", KEY, "release one"))
    (tmp_path / "key.pub").write_text(minisign.public_text(KEY.public_key(), "a key"))
    words = ["minisign", "-V", "-p", "key.pub", "-m", "MANIFEST"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    assert "Trusted comment: release one" in done.stdout
    (tmp_path / "MANIFEST").write_bytes(b"swords\n")
    assert subprocess.run(words, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_a_public_key_is_read_back_and_read_out_in_groups_of_four() -> None:
    public = KEY.public_key()
    again = minisign.read_public(minisign.public_text(public, "words"))
    assert again.public_bytes_raw() == public.public_bytes_raw()
    assert [len(group) for group in minisign.fingerprint(public).split()] == [4] * 16
