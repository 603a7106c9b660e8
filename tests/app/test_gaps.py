from __future__ import annotations

from datetime import date

import msgspec
import pytest

from wardkeep.app.gaps import gaps
from wardkeep.hospital.backup import Backup
from wardkeep.hospital.deliveries import Delivery
from wardkeep.hospital.login import Login
from wardkeep.hospital.own_name import OwnName
from wardkeep.hospital.printing import Printer, Proof
from wardkeep.hospital.site import Copies, Feed, Paper, Site, Ward
from wardkeep.hospital.streams import Stream

TODAY = date(2026, 3, 7)
WARD = Ward(code="4B", telephones=("4711",), telephones_tested="2026-01-01")
# A site of which nothing is missing: each test takes one thing away.
FULL = Site(
    name="Val",
    wards=(WARD,),
    feeds=(Feed(name="adt"),),
    printers=(Printer(name="room", uri="cups:room", room=True),),
    deliveries=(Delivery(name="share", path="/mnt/share", mount="/mnt/share"),),
    paper=Paper(default_code_status="Call the team", tall_man="BE"),
    copies=Copies(),
    backup=Backup(repository="/backup"),
)


def found(**changed: object) -> list[tuple[str, str]]:
    site = msgspec.structs.replace(FULL, **changed)
    return [(gap.subject, str(gap.what)) for gap in gaps(site, TODAY)]


def test_a_site_that_has_everything_lacks_nothing() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("changed", "subject", "word"),
    [
        ({"wards": ()}, "wards", "no ward is declared"),
        ({"wards": (Ward(code="5A"),)}, "wards", "line is known of 5A"),
        ({"feeds": ()}, "feeds", "no system sends here"),
        ({"printers": ()}, "printers", "no printer is set up"),
        ({"proof": Proof(at="")}, "paper", "held against its charts"),
        ({"paper": Paper(tall_man="BE")}, "paper", "no code status is recorded"),
        ({"paper": Paper(default_code_status="x")}, "paper", "look-alike drug names"),
        ({"deliveries": ()}, "deliveries", "delivered nowhere"),
        ({"deliveries": (Delivery(name="s", path="/x"),)}, "deliveries", "s is written even"),
        ({"login": Login(second_factor_roles=("lead",))}, "accounts", "with the role it"),
        ({"login": Login(pin_from="anywhere")}, "accounts", "from any browser"),
        ({"login": Login(lock_after_minutes=0)}, "accounts", "never covered"),
        ({"copies": None}, "copies", "dies with it"),
        ({"backup": Backup()}, "backup", "no place for backups"),
        ({"web_name": "wardkeep.val"}, "reach", "wardkeep.val leads nowhere"),
    ],
)
def test_what_is_missing_is_told_once_under_its_heading(
    changed: dict[str, object], subject: str, word: str
) -> None:
    (gap,) = found(**changed)
    assert gap[0] == subject
    assert word in gap[1]


def test_a_name_that_the_box_answers_itself_is_no_gap() -> None:
    own = OwnName(name="w.val", addresses=("10.0.0.1",), mdns=True)
    assert found(web_name="w.val", own_name=own) == []


@pytest.mark.parametrize(("day", "told"), [("2025-03-06", 1), ("2025-03-07", 0), ("", 1)])
def test_lines_that_nobody_rang_for_a_year_are_told(day: str, told: int) -> None:
    ward = msgspec.structs.replace(WARD, telephones_tested=day)
    assert len(found(wards=(ward,))) == told


@pytest.mark.parametrize(
    ("allow", "told"),
    [
        (("10.1.2.3/32",), 0),
        (("10.1.0.0/16",), 0),
        (("10.0.0.0/8",), 1),
        (("0.0.0.0/0",), 1),
        (("::/0",), 1),
        (("127.0.0.0/8", "::1/128"), 0),
    ],
)
def test_an_allow_list_that_keeps_nobody_out_is_told(allow: tuple[str, ...], told: int) -> None:
    assert len(found(feeds=(Feed(name="adt", allow=allow),))) == told


def test_a_feed_that_comes_in_clear_over_the_network_is_told_and_one_on_loopback_not() -> None:
    (gap,) = found(feeds=(Feed(name="adt", host="10.1.2.3"),))
    assert "adt comes unencrypted" in gap[1]
    sealed = Feed(name="adt", host="10.1.2.3", tls_certificate="c", tls_key="k")
    assert found(feeds=(sealed,)) == []


def test_streams_that_no_feed_carries_are_named() -> None:
    some = tuple(each for each in Stream if each is not Stream.IMAGING)
    (gap,) = found(feeds=(Feed(name="adt", streams=some),))
    assert gap == ("feeds", "no feed carries: imaging")


def test_a_ward_for_which_no_printer_prints_is_named_and_of_many_the_first() -> None:
    wards = tuple(msgspec.structs.replace(WARD, code=f"W{n:02}") for n in range(12))
    (gap,) = found(wards=wards, printers=(Printer(name="p", uri="cups:p", wards=("W00",)),))
    assert gap[1] == "no printer prints for W01, W02, W03, W04, W05, W06, W07, W08 (+3)"
