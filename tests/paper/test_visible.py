import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.paper.coverage import PRINTABLE
from wardkeep.paper.visible import cut, on_a_terminal, visible


def test_names_of_the_region_stand_as_they_were_sent() -> None:
    for name in ("Lefèvre", "Müßig", "Conceição", "Łukasz Żółć", "Grëndel", "O'Brien", "Şahin"):
        assert visible(name).text == name
        assert not visible(name).altered


def test_a_letter_sent_in_two_parts_is_the_same_letter() -> None:
    assert visible(unicodedata.normalize("NFD", "Lefèvre")).text == "Lefèvre"


def test_what_reorders_or_hides_text_is_printed_as_its_code() -> None:
    assert visible("AB\u202eCD").text == "AB[U+202E]CD"
    assert visible("12\u2066\u200b3").text == "12[U+2066][U+200B]3"
    assert visible("10\x07 mg").text == "10[U+0007] mg"
    assert visible("a\u0315b").altered


def test_letters_that_no_typeface_has_are_printed_as_codes() -> None:
    assert visible("\u4e00 5 mg").text == "[U+4E00] 5 mg"
    assert visible("\u0627").text == "[U+0627]"
    assert visible("\U0001f600").text == "[U+1F600]"


def test_signs_of_doses_are_printable() -> None:
    assert not visible("25 µg/h ≤ 2,5 mg → 3 × ½ °C ±").altered


def test_a_word_too_long_for_its_column_may_be_broken() -> None:
    shown = visible("x" * 100)
    assert shown.text.replace("\u200b", "") == "x" * 100
    assert max(map(len, shown.text.split("\u200b"))) <= 24


def test_no_code_is_torn_by_a_line_end() -> None:
    assert "[U+0007]" in visible("x" * 23 + "\x07" + "y" * 30).text


@given(st.text())
def test_nothing_unprintable_reaches_the_page_and_nothing_is_lost(text: str) -> None:
    shown = visible(text)
    assert PRINTABLE.issuperset(shown.text.replace("\u200b", ""))
    letters = sum(not char.isspace() for char in unicodedata.normalize("NFC", text))
    assert len("".join(shown.text.split())) >= letters


def test_what_is_cut_off_is_counted() -> None:
    assert cut("abcdef", 4) == ("abcd", 2)
    assert cut("abc", 4) == ("abc", 0)


def test_a_long_name_on_a_terminal_can_be_copied_as_it_is_and_hides_nothing() -> None:
    name = "cut-by-whoever-is-on-duty-tonight"
    assert on_a_terminal(name) == name
    assert on_a_terminal("a\u200bb\u202ec") == "a[U+200B]b[U+202E]c"
    assert "\u200b" in visible(name).text
