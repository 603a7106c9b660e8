import base64
import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.pack.errors import SheetsDamagedError
from wardkeep.pack.ward_page import Carried, fill, read, shell, shell_digest
from wardkeep.paper.viewer_words import viewer_words

WORDS = viewer_words(str)
EMPTY = shell("en", WORDS, '4B <"&>', "run(WORDS);", "p { color: #000; }")
CARRIED = st.builds(
    Carried, sheets=st.binary(), manifest=st.binary(), signature=st.binary(), signer=st.binary()
)


@given(CARRIED)
def test_a_page_gives_back_what_it_carries_and_its_shell(carried: Carried) -> None:
    assert read(fill(EMPTY, carried)) == (EMPTY, carried)


def test_the_policy_lets_this_script_and_this_style_run_and_nothing_else() -> None:
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', EMPTY)
    script = re.findall(r"<script>(.*?)</script>", EMPTY, re.DOTALL)[0]
    style = re.findall(r"<style>(.*?)</style>", EMPTY, re.DOTALL)[0]
    assert f"script-src 'sha256-{_hash(script)}'" in policy
    assert f"style-src 'sha256-{_hash(style)}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_a_wards_name_and_words_of_a_catalogue_are_no_markup() -> None:
    assert '4B <"&>' not in EMPTY
    made = shell("en", {**WORDS, "open": "</script><b>"}, "4B", "run();", "")
    assert "</script><b>" not in made


def test_one_changed_byte_of_the_shell_is_another_shell() -> None:
    empty, _ = read(
        fill(EMPTY, Carried(sheets=b"1", manifest=b"2", signature=b"3", signer=b"4"))
    )
    assert shell_digest(empty) == shell_digest(EMPTY)
    assert shell_digest(EMPTY.replace("color", "colour")) != shell_digest(EMPTY)


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"\xff\xfe", b"%PDF-1.7"])
def test_what_is_no_such_page_is_refused(content: bytes) -> None:
    with pytest.raises(SheetsDamagedError):
        read(content)


def test_a_slot_that_is_not_base64_is_empty_and_its_page_no_longer_the_signed_one() -> None:
    made = fill(EMPTY, Carried(sheets=b"1", manifest=b"2", signature=b"3", signer=b"4"))
    _, carried = read(made.replace(b"Mg==", b"M!=="))
    assert carried.manifest == b""
