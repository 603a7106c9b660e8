import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.pack.manifest import Doubt, Verdict
from wardkeep.pack.opened_page import cleaned, marks_of, opened_page
from wardkeep.paper.viewer_words import VIEWER, viewer_words

WORDS = viewer_words(str)
SHEET = (
    '<table class="sheet" role="presentation"><thead><tr><td>who</td></tr></thead><tfoot>'
    "<tr><td>foot</td></tr></tfoot><tbody><tr><td>drug</td></tr></tbody></table>"
)


def test_marks_stand_above_and_below_every_sheet_and_on_the_bar() -> None:
    page, policy = opened_page([SHEET, SHEET], ["OLD: 5 HOURS"], WORDS, "p {}", "en")
    assert page.count("OLD: 5 HOURS") == 1 + 2 * 2
    assert "script" not in policy
    assert "default-src 'none'" in policy


def test_without_marks_a_page_is_its_sheets() -> None:
    page, _ = opened_page([SHEET], [], WORDS, "", "en")
    assert cleaned(SHEET) == SHEET
    assert SHEET in page


def test_a_sheet_that_cannot_be_read_is_told_by_its_number() -> None:
    page, _ = opened_page([SHEET, None, SHEET], ["NOT VERIFIED"], WORDS, "", "en")
    assert "SHEET 2 OF 3 CANNOT BE READ" in page


@given(st.text(alphabet=st.sampled_from("<>/\"= abcdhistyle&;!-'pxon")))
def test_nothing_but_the_elements_of_sheets_comes_through(text: str) -> None:
    made = cleaned(text)
    tags = {tag.lower() for tag in re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", made)}
    assert tags <= {"p", "b", "s", "td", "th", "tr"}
    for tag in re.findall(r"<[^>]*>", made):
        assert re.fullmatch(r"<[a-z0-9]+>|</[a-z0-9]+>", tag), tag


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>x()</script>", '<p onclick="x()" style="position:fixed">a</p>',
        "</td></tr></table></main><div id=x>", "<style>.marks{display:none}</style>",
        '<img src="x" onerror="x()">', "<iframe srcdoc='<p>'></iframe>",
        "<!-- --><svg/onload=x>",
    ],
)  # fmt: skip
def test_a_forged_sheet_closes_nothing_and_runs_nothing(hostile: str) -> None:
    made = cleaned(hostile)
    tags = re.findall(r"<[^>]*>", made)
    assert all(re.fullmatch(r"</?(p|div)>", tag) for tag in tags), made
    assert made.count("<div") == made.count("</div")


def test_each_doubt_has_its_words_and_a_broken_glass_its_name() -> None:
    for doubt in Doubt:
        name = doubt.value.replace("-", "_")
        assert name in VIEWER, doubt
    marks = marks_of(Verdict(doubts=(Doubt.NOT_LISTED,)), None, WORDS, ("An", "none other"))
    assert marks[0] == "NOT VERIFIED · opened by An: none other"
    assert marks[1] == WORDS["not_listed"]


def test_age_and_clock_and_replay_are_told() -> None:
    told = marks_of(Verdict(old_hours=9, replayed=True), None, WORDS)
    assert told == ["OLD: 9 HOURS", WORDS["old_all"]]
    assert marks_of(Verdict(clock_wrong=True), None, WORDS) == [WORDS["clock"]]
