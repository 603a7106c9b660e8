from __future__ import annotations

from wardkeep.hospital.lists import Lists
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import DAY, HOUR
from wardkeep.pack.events import ListProved, ProofMade, decode, encode
from wardkeep.pack.lists_proved import ListsProved, fold, of_site, told

NOW = 2_000 * DAY
SITE = Site(name="H", lists=Lists(kinds=("kitchen", "pharmacy", "theatre")))
KITCHEN, PHARMACY = "list+kitchen", "list+pharmacy"


def one(code: str, right: int = 10, at: int = NOW - HOUR, why: str = "") -> ListProved:
    checks = 0 if why else 10
    wrong = {"allergy": checks - right} if right < checks else {}
    return ListProved(
        code=code, at=at, checks=checks, right=min(right, checks), wrong=wrong, why=why
    )


def proof(*lists: ListProved) -> ProofMade:
    return ProofMade(
        ward="4B", generation=1, pack_at=1, at=NOW, by="wardkeep", checks=1, right=1,
        medication=1, medication_right=1, lists=lists,
    )  # fmt: skip


def known(*lists: ListProved) -> ListsProved:
    return fold([proof(each) for each in lists])


def test_the_newest_proof_of_each_list_counts() -> None:
    found = told(known(one(KITCHEN, 9), one(PHARMACY), one(KITCHEN)), SITE, NOW)
    assert (found.made, found.compared, found.checks, found.right) == (3, 2, 20, 20)
    assert (found.wrong, found.percent, found.at) == ((), 100.0, NOW - HOUR)


def test_a_list_that_could_not_be_compared_takes_back_no_fault() -> None:
    found = known(one(KITCHEN, 9), one(KITCHEN, why="another release"))
    assert told(found, SITE, NOW).wrong == (KITCHEN,)
    assert of_site(found, SITE)[0].wrong == {"allergy": 1}
    never = known(one(PHARMACY, why="another release"))
    assert of_site(never, SITE)[0].why
    assert told(never, SITE, NOW).compared == 0
    assert told(known(one(PHARMACY, why="x"), one(PHARMACY)), SITE, NOW).compared == 1


def test_a_share_is_never_rounded_up_to_all_and_an_old_proof_is_none() -> None:
    nearly = ListProved(code=PHARMACY, at=NOW, checks=100_000, right=99_999)
    assert told(known(nearly), SITE, NOW).percent == 99.9
    assert told(known(one(PHARMACY, at=NOW - 2 * DAY - 1)), SITE, NOW).percent is None


def test_a_fault_does_not_grow_old_until_a_proof_finds_the_list_right() -> None:
    wrong, again = one(KITCHEN, 9, at=NOW - 3 * DAY), one(KITCHEN, why="another release")
    found = told(known(wrong, one(PHARMACY), again), SITE, NOW)
    assert (found.wrong, found.compared, found.percent) == ((KITCHEN,), 1, 100.0)
    assert told(known(wrong, again, one(KITCHEN)), SITE, NOW).wrong == ()


def test_a_list_that_the_site_makes_no_more_is_not_told() -> None:
    assert of_site(known(one("list+cards", 0)), SITE) == []


def test_a_proof_of_a_release_that_compared_no_lists_is_read_on() -> None:
    older = (
        b'{"type":"ProofMade.v1","ward":"4B","generation":1,"pack_at":1,"at":2,"by":"wardkeep",'
        b'"checks":1,"right":1,"medication":1,"medication_right":1}'
    )
    event = decode("ProofMade.v1", older)
    assert isinstance(event, ProofMade)
    assert event.lists == ()
    assert fold([event]) == {}
    assert encode(event) == ("ProofMade.v1", older)
    name, body = encode(proof(one(KITCHEN, 9)))
    assert decode(name, body) == proof(one(KITCHEN, 9))
