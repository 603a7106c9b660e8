from __future__ import annotations

import pytest
from tests.hospital.map.test_falls import map_of

from wardkeep.adapters.typst_words import translator
from wardkeep.foresight.way_words import Step, in_words, steps
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.outside import RemoteAccess
from wardkeep.hospital.map.people import Account

MAP = map_of(
    Workstations(id="pcs", name="Office computers", segment="offices"),
    Server(id="dc", segment="servers", tier=0, domain="corp"),
    Server(id="odd"),
    Device(id="pump"),
    Account(id="admins", name="Administrators"),
    Account(id="guarded", second_factor=True),
    RemoteAccess(id="vpn", name="The supplier's tunnel", supplier="s", targets=("dc",)),
)


def test_a_way_is_told_without_the_nodes_that_only_join_its_steps() -> None:
    nodes = (
        "in|mail to pcs",
        "workstations:pcs",
        "foothold|segment:offices",
        "shared from|segment:offices",
        "shared|segment:offices",
        "password|admins",
        "usable|admins",
        "password and way|admins|segment:servers",
        "server:dc",
        "domain|corp",
    )
    assert [in_words(each, str) for each in steps(MAP, nodes)] == [
        "mail opened on Office computers",
        "Office computers taken",
        "the local administrator that machines of offices share",
        "password of Administrators stolen",
        "log-in to servers",
        "a server of tier 0 in servers taken",
        "directory corp held",
    ]


def test_a_second_factor_that_was_got_round_and_a_flaw_are_told() -> None:
    nodes = (
        "in|access:vpn",
        "usable|guarded",
        "usable|nobody",
        "reached|segment:x",
        "device:pump",
    )
    assert [in_words(each, str) for each in steps(MAP, nodes)] == [
        "remote access The supplier's tunnel",
        "second factor of guarded got round",
        "a flaw tried in x",
        "pump taken",
    ]
    assert steps(MAP, ("in|mail to gone",)) == (Step("mail", "gone"),)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_what_the_map_does_not_tell_of_a_server_is_not_recorded(language: str) -> None:
    say = translator(language)
    told = in_words(steps(MAP, ("server:odd",))[0], say)
    assert told.count(say("NOT RECORDED")) == 2
