from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from tests.web.conftest import Login, token_of
from tests.web.handmade import NOW, Bench

from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.pack.events import (
    BY_CODE,
    ON_PAGE,
    PackAccepted,
    PackBuilt,
    PackDownloaded,
    PackOpeningSaid,
    PrintBegun,
    PrintOrdered,
    ReceiptEvent,
)
from wardkeep.pack.receipt_code import KnownPack, pack_of, receipt_code
from wardkeep.pack.receipts import Receipts, fold, known_packs
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.ports import CopyStanding


def built(generation: int, ward: str = "4B") -> PackBuilt:
    """Generation 12 is the newest, made 3 min ago; each before it half an hour older."""
    at = NOW - 3 * MINUTE - (12 - generation) * 30 * MINUTE
    return PackBuilt(
        ward=ward,
        generation=generation,
        revision=generation,
        language="en",
        at=at,
        as_of=at - MINUTE,
        pages=84,
        patients=40,
        digest=f"{generation:064x}",
    )


class Book:
    """The receipts of a hospital, its ledger a list."""

    def __init__(self) -> None:
        self.events: list[ReceiptEvent] = []
        self.printing: list[PrintOrdered | PrintBegun] = []
        self.shelf = [built(12), built(11), built(2)]
        self.readable = True
        self.fails = False

    def receipts(self) -> Receipts | None:
        return fold(self.events) if self.readable else None

    def newest(self) -> dict[str, PackBuilt]:
        return {"4B": self.shelf[0]}

    def packs(self, ward: str) -> Sequence[KnownPack]:
        if not self.readable:
            raise OperationFailedError("what was printed and taken cannot be read")
        mine = [each for each in self.shelf if each.ward == ward]
        return known_packs(fold([*self.printing, *self.events]), ward, mine)

    def of_code(self, typed: str) -> KnownPack:
        return pack_of(typed, self.packs("4B"))

    def record(self, events: Sequence[ReceiptEvent]) -> None:
        if self.fails:
            raise OperationFailedError("the server does not answer")
        self.events += events


HANDS: tuple[ReceiptEvent, ...] = (
    PackDownloaded(
        ward="4B",
        generation=11,
        built=built(11).at,
        as_of=built(11).as_of,
        at=NOW - 20 * MINUTE,
        by="anna",
    ),
    PackOpeningSaid(
        ward="4B",
        generation=2,
        target="share",
        at=NOW,
        opened=NOW - 4 * HOUR,
        by="os:kit",
        built=built(2).at,
        as_of=built(2).as_of,
    ),
    PackAccepted(
        ward="4B",
        generation=2,
        built=built(2).at,
        as_of=built(2).as_of,
        at=NOW - 4 * HOUR,
        by="lea",
        way=BY_CODE,
        said_by="An Maes",
    ),
)


@pytest.fixture
def book(bench: Bench) -> Book:
    bench.receipts = made = Book()
    return made


def test_nothing_is_in_hand_until_somebody_of_the_ward_says_so(
    book: Book, login: Login
) -> None:
    client = login("anna")
    assert book.events == []
    for path in ("/", "/deliveries", "/ward?code=4B", "/hand?code=4B"):
        assert '<span class="unknown">NOT KNOWN</span>' in client.get(path).text, path


def test_a_nurse_says_which_pack_is_in_her_hand(book: Book, login: Login) -> None:
    client = login("anna")
    page = client.get("/hand?code=4B").text
    assert page.count('type="radio"') == 3
    assert "checked" not in page
    form = {"token": token_of(page), "ward": "4B", "built": str(built(12).at)}
    done = client.post("/hand/say", data=form)
    said = client.get(done.headers["location"]).text
    assert "Recorded." in said
    closed = said.split("<details>")[1].split("</details>")[0]
    assert closed.count('type="radio"') == 3, "nobody is asked again what was just recorded"
    assert book.events == [
        PackAccepted(
            ward="4B",
            generation=12,
            built=built(12).at,
            as_of=built(12).as_of,
            at=NOW,
            by="anna",
            way=ON_PAGE,
        )
    ]
    told = client.get("/deliveries").text
    assert "as of 04:08 (4 min)" in told
    assert "<bdi>anna</bdi> said so 04:12" in told
    assert "as of 04:08 (4 min)" in client.get("/").text


def test_an_older_pack_in_hand_is_told_as_old_and_never_as_the_newest(
    book: Book, login: Login
) -> None:
    client = login("anna")
    form = {"token": token_of(client.get("/hand?code=4B").text), "ward": "4B"}
    client.post("/hand/say", data={**form, "built": str(built(2).at)})
    for path in ("/", "/deliveries", "/ward?code=4B"):
        page = client.get(path).text
        assert '(5 h) <span class="flag">OLD</span>' in page, path
        assert "not the newest" in page, path
    assert len(book.events) == 1


def test_a_pack_that_is_not_chosen_or_not_there_is_refused_in_words(
    book: Book, login: Login
) -> None:
    client = login("anna")
    form = {"token": token_of(client.get("/hand?code=4B").text), "ward": "4B"}
    none = client.post("/hand/say", data=form)
    assert none.status_code == 422
    assert "Choose the pack whose time stands on the paper" in none.text
    other = client.post("/hand/say", data={**form, "built": "99"})
    assert other.status_code == 422
    assert "Nothing was ordered or recorded." in other.text
    assert "This pack is not known any more" in other.text
    assert book.events == []


def test_of_two_packs_of_one_generation_the_one_with_the_chosen_time_is_in_hand(
    book: Book, login: Login
) -> None:
    former = msgspec.structs.replace(built(12), at=built(12).at - HOUR, digest="a" * 64)
    book.shelf.append(former)
    client = login("anna")
    form = {"token": token_of(client.get("/hand?code=4B").text), "ward": "4B"}
    client.post("/hand/say", data={**form, "built": str(former.at)})
    [said] = book.events
    assert isinstance(said, PackAccepted)
    assert (said.generation, said.built) == (12, former.at)


def test_the_code_of_an_older_pack_does_not_say_that_the_newer_one_was_recorded(
    book: Book, login: Login
) -> None:
    client = login("anna")
    form = {"token": token_of(client.get("/hand?code=4B").text), "ward": "4B"}
    client.post("/hand/say", data={**form, "built": str(built(12).at)})
    code = receipt_code("4B", 2, built(2).digest)
    done = client.post("/hand/code", data={**form, "typed": code, "said_by": ""})
    page = client.get(done.headers["location"]).text
    assert "Recorded." not in page
    assert "A newer one was said to be in hand before, and still counts" in page
    again = client.post("/hand/say", data={**form, "built": str(built(2).at)})
    assert "Recorded." in client.get(again.headers["location"]).text


def test_a_page_that_is_opened_again_later_does_not_say_recorded_anew(
    book: Book, login: Login
) -> None:
    book.events += HANDS
    page = login("anna").get(f"/hand?code=4B&done={built(2).at}").text
    assert "Recorded." not in page
    assert "In hand: " in page


def test_nothing_is_recorded_while_what_is_known_cannot_be_read(
    book: Book, login: Login
) -> None:
    client = login("anna")
    form = {"token": token_of(client.get("/hand?code=4B").text), "ward": "4B"}
    book.readable = False
    refused = client.post("/hand/say", data={**form, "built": str(built(12).at)})
    assert refused.status_code == 503
    assert book.events == []


def test_the_crisis_cell_types_the_code_that_a_ward_reads_by_telephone(
    book: Book, login: Login
) -> None:
    client = login("lea")
    code = receipt_code("4B", 11, built(11).digest)
    page = client.get("/deliveries").text
    assert 'action="/hand/code"' in page
    form = {"token": token_of(page), "typed": code.lower(), "said_by": "An  Maes\n"}
    done = client.post("/hand/code", data=form)
    page = client.get(done.headers["location"]).text
    assert "<bdi>An Maes</bdi> said so 04:12" in page
    [said] = book.events
    assert isinstance(said, PackAccepted)
    assert (said.ward, said.generation, said.way) == ("4B", 11, BY_CODE)
    assert (said.by, said.said_by) == ("lea", "An Maes")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("7K3M", "This is no code of a cover sheet"),
        (receipt_code("4B", 77, "f" * 64), "No pack that this server knows has this code"),
    ],
)
def test_a_wrong_code_is_refused_in_plain_words_and_can_be_mended(
    book: Book, login: Login, typed: str, words: str
) -> None:
    client = login("lea")
    form = {"token": token_of(client.get("/hand").text), "typed": typed, "said_by": "An"}
    refused = client.post("/hand/code", data=form)
    assert refused.status_code == 422
    assert words in refused.text
    assert f'value="{typed}"' in refused.text
    assert book.events == []


def test_who_may_not_see_wards_may_not_say_what_they_hold(book: Book, login: Login) -> None:
    for name in ("ines", "otto"):
        client = login(name)
        assert client.get("/hand?code=4B").status_code == 403
        assert 'action="/hand/code"' not in client.get("/deliveries").text
    assert book.events == []


def test_whoever_takes_the_pack_from_the_pages_is_known_once(
    book: Book, bench: Bench, login: Login
) -> None:
    bench.pack_built = built(12)
    client = login("anna")
    client.get("/ward/pack?code=4B")
    client.get("/ward/pack?code=4B")
    assert len(book.events) == 1
    page = client.get("/deliveries").text
    told = "generation 12, as of 04:08 (4 min)<br>taken 04:12 (0 min) <bdi>anna</bdi>"
    assert told in page


def test_paper_that_was_taken_from_the_pages_is_known_once_its_pack_left_the_shelf(
    book: Book, bench: Bench, login: Login
) -> None:
    bench.pack_built = built(11)
    client = login("anna")
    client.get("/ward/pack?code=4B")
    book.shelf = [built(12)]
    page = client.get("/hand?code=4B").text
    form = {"token": token_of(page), "ward": "4B", "built": str(built(11).at)}
    done = client.post("/hand/say", data=form)
    assert "Recorded." in client.get(done.headers["location"]).text
    typed = {**form, "typed": receipt_code("4B", 11, built(11).digest), "said_by": "An"}
    assert client.post("/hand/code", data=typed).status_code == 303


def test_paper_is_given_though_nobody_takes_down_who_took_it(
    book: Book, bench: Bench, login: Login
) -> None:
    bench.pack_built, book.fails = built(12), True
    client = login("anna")
    assert client.get("/ward/pack?code=4B").content.startswith(b"%PDF")
    assert '<span class="unknown">NOT KNOWN</span>' in client.get("/deliveries").text


def test_what_a_note_at_a_place_says_is_told_as_said_by_the_place(
    book: Book, login: Login
) -> None:
    book.events.append(
        PackOpeningSaid(
            ward="4B",
            generation=12,
            target="share",
            at=NOW,
            opened=NOW - 2 * HOUR,
            by="<b>kit\u202e",
            built=built(12).at - 3 * HOUR,
            as_of=built(12).as_of - 3 * HOUR,
        )
    )
    page = login("anna").get("/deliveries").text
    place = "SAID BY THE PLACE</span> <bdi>share</bdi><br>generation 12, as of 01:08 (3 h)"
    assert f"{place}, not the newest<br>opened 02:12" in page
    assert "&lt;b&gt;kit" in page
    assert "\u202e" not in page


def test_an_opening_of_an_earlier_release_is_told_with_its_generation_and_no_age(
    book: Book, login: Login
) -> None:
    book.events.append(
        PackOpeningSaid(
            ward="4B", generation=11, target="share", at=NOW, opened=NOW - HOUR, by="kit"
        )
    )
    page = login("anna").get("/deliveries").text
    assert 'generation 11, <span class="flag">AGE NOT KNOWN</span>, not the newest' in page


def test_a_ledger_that_cannot_be_read_is_not_told_as_nothing_known(
    book: Book, login: Login
) -> None:
    client = login("anna")
    book.readable = False
    for path in ("/hand?code=4B", "/hand?code=of-the-ledger-alone", "/hand"):
        page = client.get(path).text
        assert "nothing can be recorded" in page, path
        assert "No paper yet" not in page, path
        assert "<form" not in page.split("<main")[1], path
    assert '<span class="unknown">CANNOT BE READ</span>' in client.get("/deliveries").text


def test_a_refusal_of_the_ledger_says_that_nothing_was_recorded(
    book: Book, login: Login
) -> None:
    client = login("anna")
    form = {"token": token_of(client.get("/hand?code=4B").text), "ward": "4B"}
    book.fails = True
    refused = client.post("/hand/say", data={**form, "built": str(built(12).at)})
    assert refused.status_code == 503
    assert "Nothing was ordered or recorded." in refused.text


class Copy:
    def standing(self, now: int) -> CopyStanding:
        return CopyStanding(as_of=now, silent_since=0)


def test_a_second_box_decides_nothing_and_says_so(
    book: Book, bench: Bench, login: Login
) -> None:
    client = login("anna")
    form = {"token": token_of(client.get("/hand?code=4B").text), "ward": "4B"}
    bench.copy = Copy()
    client = login("anna")
    form["token"] = token_of(client.get("/account").text)
    page = client.get("/hand?code=4B").text
    assert "This box copies another one" in page
    assert "<form" not in page.split("<main")[1]
    refused = client.post("/hand/say", data={**form, "built": str(built(12).at)})
    assert refused.status_code == 409
    client.get("/ward/pack?code=4B")
    assert book.events == []


def test_no_page_is_made_of_a_list_though_one_was_printed_and_nothing_of_it_is_in_hand(
    book: Book, login: Login
) -> None:
    kitchen, made = "list+kitchen", NOW - MINUTE
    book.printing = [
        PrintOrdered(order="A", ward=kitchen, printer="room", at=made, by="lea"),
        PrintBegun(order="A", at=made, generation=3, digest="d" * 64, pages=2, built=made),
    ]
    client = login("anna")
    assert client.get("/hand?code=list%2Bkitchen").status_code == 404
    form = {"token": token_of(client.get("/hand?code=4B").text), "ward": kitchen}
    assert client.post("/hand/say", data={**form, "built": str(made)}).status_code == 422
    assert book.events == []


def test_the_newest_is_the_one_that_was_built_last_and_not_the_first_of_the_list(
    book: Book, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = login("anna")
    page = client.get("/hand?code=4B").text
    choices = [part.split("</label>")[0] for part in page.split('type="radio"')[1:]]
    assert [">the newest<" in each for each in choices] == [True, False, False]
    # The shelf's newest came between, and is not in the list yet: nothing is called so.
    listed = book.packs("4B")
    book.shelf = [built(13), *book.shelf]
    monkeypatch.setattr(book, "packs", lambda _ward: listed)
    assert ">the newest<" not in client.get("/hand?code=4B").text.split("<legend")[1]
