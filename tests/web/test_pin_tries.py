from __future__ import annotations

from wardkeep.web.pin_tries import MOST_TRIES, PinTries


def test_five_tries_in_a_browser_and_then_none_until_forgiven() -> None:
    tries = PinTries()
    assert [tries.may_try("anna", "pc1") for _ in range(7)] == [True] * 5 + [False] * 2
    assert tries.may_try("anna", "pc2")
    assert tries.may_try("ben", "pc1")
    assert not tries.may_be_tried("anna", "pc1")
    tries.forgive("anna", "pc1")
    assert tries.may_be_tried("anna", "pc1")


def test_many_invented_badges_do_not_fill_the_memory() -> None:
    tries = PinTries()
    for number in range(10_050):
        tries.may_try_badge(f"x{number}", "pc")
    assert [tries.may_try_badge("x0", "pc") for _ in range(6)] == [True] * 5 + [False]
    assert MOST_TRIES == 5


def test_invented_badges_give_nobody_more_tries() -> None:
    tries = PinTries()
    for _ in range(6):
        tries.may_try("anna", "pc")
    for number in range(10_050):
        tries.may_try_badge(f"x{number}", "pc")
    assert not tries.may_try("anna", "pc")


def test_an_account_whose_tries_are_used_up_in_one_browser_is_told() -> None:
    pins = PinTries()
    for _try in range(MOST_TRIES):
        assert pins.used_up() == set()
        pins.may_try("anna", "b1")
    pins.may_try("luc", "b1")
    assert pins.used_up() == {"anna"}
    pins.forgive("anna", "b1")
    assert pins.used_up() == set()
