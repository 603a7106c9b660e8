import json

from tests.reading.questions import Question, grade, plain, questions_of
from tests.stories.truth_on_paper import SampleHouse, pages_of, squashed

from wardkeep.adapters.typst_press import typeset
from wardkeep.adapters.typst_words import translator
from wardkeep.pack.contents import ward_pack
from wardkeep.sample.house import TINY


def test_every_answer_that_readers_are_asked_for_stands_on_the_wards_paper() -> None:
    house = SampleHouse(TINY, 3)
    for summary in house.charts.wards():
        if summary.patients < 5:
            continue
        data = house.ward(summary.ward)
        questions = questions_of(house, summary.ward, "nl", 3)
        assert len(questions) == 12
        pages = pages_of(typeset(ward_pack(data, "nl", translator("nl"))).pdf)
        text = plain("".join(pages))
        wanted = [w for each in questions for w in each.wanted if w not in {"no", "pump"}]
        assert [each for each in wanted if plain(squashed(each)) not in text] == []


def test_an_answer_that_lacks_a_word_is_wrong_and_another_spelling_is_right() -> None:
    questions = [
        Question(ask="Allergies?", wanted=("Céfuroxime", "Paracétamol")),
        Question(ask="Who?", wanted=("Großmann", "4711")),
        Question(ask="Given?", wanted=("no",)),
    ]
    said = json.loads(
        '{"1": "cefuroxime", "2": "GROSSMANN, An; record 4711", "3": "No: refused"}'
    )
    assert [number for number, _, _ in grade(questions, said)] == [1]
    assert [number for number, _, _ in grade(questions, {})] == [1, 2, 3]
