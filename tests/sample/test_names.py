from random import Random

from wardkeep.sample.names import Tongue, draw_names


def test_names_of_four_languages_can_be_written_by_every_sender() -> None:
    chance = Random(1)
    drawn = [draw_names(chance, chance.choice("FM")) for _ in range(2000)]
    assert {names.tongue for names in drawn} == set(Tongue)
    for names in drawn:
        for encoding in ("cp1252", "iso8859-15", "utf-8"):
            f"{names.given} {names.family}".encode(encoding)


def test_most_names_carry_an_accent_and_few_repeat() -> None:
    chance = Random(2)
    drawn = [draw_names(chance, "F") for _ in range(1000)]
    assert sum(not f"{n.family}{n.given}".isascii() for n in drawn) > 500
    assert len({(names.family, names.given) for names in drawn}) > 900


def test_a_tongue_that_is_asked_for_is_kept() -> None:
    assert draw_names(Random(3), "M", Tongue.GERMAN).tongue is Tongue.GERMAN
