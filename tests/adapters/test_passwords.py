from __future__ import annotations

from wardkeep.adapters.passwords import hash_password, new_token, password_fits


def test_a_password_fits_its_own_hash_and_no_other() -> None:
    hashed = hash_password("correct horse battery")
    assert password_fits(hashed, "correct horse battery")
    assert not password_fits(hashed, "Correct horse battery")
    assert not password_fits(hash_password("another"), "correct horse battery")


def test_hashes_are_argon2id_with_the_parameters_that_the_manual_names() -> None:
    assert hash_password("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_same_password_never_gives_the_same_hash() -> None:
    assert hash_password("x") != hash_password("x")


def test_nothing_fits_an_account_that_does_not_exist_or_a_torn_hash() -> None:
    assert not password_fits(None, "")
    assert not password_fits("", "x")
    assert not password_fits("$argon2id$torn", "x")


def test_tokens_are_long_and_never_come_twice() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43
