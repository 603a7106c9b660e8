from __future__ import annotations

import pytest
from tests.web.conftest import Login, token_of
from tests.web.handmade import NOW, Bench

from wardkeep.alarm.state import Alarm
from wardkeep.hospital.deliveries import Delivery
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.pack.delivery import HANGS, Got, Standing
from wardkeep.pack.delivery_asks import Ask, ask, fold
from wardkeep.pack.events import (
    ALTERED,
    DeliveriesChecked,
    DeliveryEvent,
    PackDeliveryAsked,
    PackDeliveryFailed,
    PackDeliveryOrdered,
    PacksDelivered,
)
from wardkeep.pack.target_looks import Looks
from wardkeep.pack.target_looks import fold as fold_looks
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.language import LANGUAGES

SHARE = Delivery(name="share", path="/mnt/share")
STICK = Delivery(name="stick", path="/mnt/stick", wards=("4B",))
AFAR = Delivery(name="afar", kind="sftp", host="box", user="w", path="packs")
FAILED = Standing(
    failing_since=NOW - 30 * MINUTE, tried=NOW - MINUTE, tries=5, why="<b>no route</b>"
)


def got(at: int = NOW - 3 * MINUTE) -> Got:
    return Got(3, "a" * 64, at, at)


class Targets:
    """The deliveries of a hospital, its ledger a list."""

    def __init__(self) -> None:
        self.states = {
            "share": Standing(counter=3, at=NOW - 3 * MINUTE, wards={"4B": got()}),
            "stick": Standing(counter=1, at=NOW - 5 * HOUR, wards={"4B": got(NOW - 5 * HOUR)}),
            "afar": FAILED,
        }
        self.events: list[DeliveryEvent] = []
        self.looked: list[DeliveriesChecked] = []
        self.fails = False
        self.readable = True

    def standing(self) -> dict[str, Standing]:
        return self.states

    def asks(self) -> dict[str, Ask] | None:
        return fold(self.events) if self.readable else None

    def looks(self) -> Looks | None:
        return fold_looks(self.looked) if self.readable else None

    def ask(self, target: str, by: str) -> bool:
        if self.fails:
            raise OperationFailedError("the server does not answer")
        events = ask(self.asks() or {}, target, by, NOW)
        self.events += events
        return bool(events)


@pytest.fixture
def targets(bench: Bench) -> Targets:
    made = Targets()
    bench.deliveries, bench.targets = made, (SHARE, STICK, AFAR)
    return made


def test_what_arrived_is_told_with_its_age_and_what_it_knows_until(
    targets: Targets, login: Login
) -> None:
    page = login("anna").get("/deliveries").text
    assert "has every pack" in page
    assert "04:09 (3 min)" in page
    assert targets.events == []


def test_a_stuck_place_says_since_when_why_and_what_to_do(
    targets: Targets, login: Login
) -> None:
    page = login("anna").get("/deliveries").text
    assert "Since 03:42, tries: 5." in page
    assert "&lt;b&gt;no route" in page
    assert "it tries again 04:15" in page
    assert "Look whether that server runs" in page
    assert targets.states["afar"].tries == 5


def test_a_pack_that_is_too_old_at_one_place_is_flagged_at_its_ward(
    targets: Targets, login: Login
) -> None:
    targets.states["afar"] = Standing(counter=3, at=NOW, wards={"4B": got()})
    page = login("anna").get("/deliveries").text
    assert '<span class="flag">LATE</span> <bdi>stick</bdi>' in page
    assert "23:12 (5 h)" in page


def test_a_ward_whose_pack_lies_nowhere_is_not_counted_as_delivered(
    targets: Targets, login: Login
) -> None:
    assert not any("ICU" in standing.wards for standing in targets.states.values())
    page = login("anna").get("/deliveries").text
    [row] = [row for row in page.split("<tr>") if row.startswith('<td class="nowrap"><bdi>ICU')]
    assert '<span class="unknown">NOT THERE</span>' in row
    assert "places" not in row


def test_a_delivery_of_which_nothing_is_heard_is_not_called_fine(
    targets: Targets, login: Login, bench: Bench
) -> None:
    assert targets.states["share"].failing_since is None
    bench.alarms = (Alarm("delivery-failing", "share", NOW, HANGS),)
    page = login("anna").get("/deliveries").text
    assert '<bdi>share</bdi> <span class="flag">HANGS</span>' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_whose_files_were_altered_is_never_said_to_have_every_pack(
    targets: Targets, login: Login, language: str
) -> None:
    client = login("anna")
    fine = client.get(f"/deliveries?lang={language}").text.count('class="state"')
    assert fine == 1
    targets.looked = [
        DeliveriesChecked(
            target="share", at=NOW - 9 * MINUTE, by="w", wards=1, wrong={"4B": ALTERED}
        ),
        DeliveriesChecked(target="share", at=NOW, by="w", wards=0, unread="<b>unplugged"),
    ]
    page = client.get(f"/deliveries?lang={language}").text
    assert page.count('class="state"') == 0
    assert page.count("&lt;b&gt;unplugged") == 1
    if language == "en":
        assert '<bdi>share</bdi> <span class="flag">WRONG FILES</span>' in page
        assert "Files of 1 ward are missing, old or altered there: <bdi>4B</bdi>" in page
        assert "Open none of these files: print these wards." in page
        assert '<span class="flag">WRONG FILES</span> <bdi>share</bdi>' in page
        assert page.count('<span class="flag">NOT READ</span> 04:12') == 2


def test_a_place_says_when_its_files_were_last_looked_at(
    targets: Targets, login: Login
) -> None:
    assert login("anna").get("/deliveries").text.count('class="unknown">never') == 3
    look = DeliveriesChecked(target="share", at=NOW - 9 * MINUTE, by="w", wards=1)
    targets.looked = [look]
    page = login("anna").get("/deliveries").text
    assert '<td data-label="Looked at">04:03 (9 min)</td>' in page
    assert "has every pack" in page


def test_what_is_not_known_is_said_and_never_blank(targets: Targets, login: Login) -> None:
    targets.states.clear()
    page = login("anna").get("/deliveries").text
    assert page.count("NOTHING DELIVERED YET") == 6
    assert "NONE THERE" in page
    assert "NOT KNOWN" in page
    assert "<td></td>" not in page


def test_without_a_place_the_page_says_what_that_means(login: Login) -> None:
    page = login("anna").get("/deliveries").text
    assert "they lie on this server alone" in page
    assert "TO NO PLACE" in page


def test_it_has_a_place_given_its_packs_again_once_and_sees_what_came_of_it(
    targets: Targets, login: Login
) -> None:
    client = login("ines")
    token = token_of(client.get("/deliveries").text)
    sent = {"token": token, "target": "afar"}
    for where in ("/deliveries", "/deliveries?already=afar"):
        answer = client.post("/deliveries/again", data=sent, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, where)
    assert "already asked for this" in client.get("/deliveries?already=afar").text
    assert "already asked for this" not in client.get("/deliveries?already=share").text
    assert targets.events == [PackDeliveryAsked(target="afar", at=NOW, by="ines")]
    page = client.get("/deliveries").text
    assert "<bdi>ines</bdi> asked for it 04:12: <strong>under way</strong>" in " ".join(
        page.split()
    )
    begun = PackDeliveryOrdered(target="afar", at=NOW, by="ines", counter=3, wards=("4B",))
    targets.events += [begun, PackDeliveryFailed(target="afar", at=NOW, why="no route")]
    assert '<strong class="flag">FAILED</strong>' in client.get("/deliveries").text
    assert client.post("/deliveries/again", data=sent).status_code == 303
    targets.events += [
        begun,
        PacksDelivered(target="afar", at=NOW, counter=3, wards=1, bytes=9),
    ]
    assert "<strong>delivered</strong>" in client.get("/deliveries").text


def test_an_ask_that_the_server_did_not_take_is_not_said_to_be_made(
    targets: Targets, login: Login
) -> None:
    client = login("ines")
    token = token_of(client.get("/deliveries").text)
    targets.fails = True
    answer = client.post("/deliveries/again", data={"token": token, "target": "afar"})
    assert answer.status_code == 503
    assert "Nothing was ordered or recorded." in answer.text


def test_a_place_that_the_settings_do_not_name_is_none(targets: Targets, login: Login) -> None:
    client = login("ines")
    token = token_of(client.get("/deliveries").text)
    sent = {"token": token, "target": "--to"}
    assert client.post("/deliveries/again", data=sent).status_code == 404
    assert targets.events == []


def test_a_nurse_reads_it_and_orders_nothing(targets: Targets, login: Login) -> None:
    client = login("anna")
    assert "/deliveries/again" not in client.get("/deliveries").text
    assert client.post("/deliveries/again", data={"target": "share"}).status_code == 403
    assert targets.events == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_one_keystroke_from_the_overview(
    targets: Targets, login: Login, language: str
) -> None:
    assert targets.states
    assert '<a href="/deliveries">' in login("anna").get(f"/?lang={language}").text


def test_asks_that_cannot_be_read_are_not_told_as_none(targets: Targets, login: Login) -> None:
    client = login("ines")
    assert "by nobody" in client.get("/deliveries").text
    targets.readable = False
    page = client.get("/deliveries").text
    assert page.count("CANNOT BE READ") == 6
    assert "by nobody" not in page
