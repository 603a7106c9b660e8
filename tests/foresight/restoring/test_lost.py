"""A file of what is lost, as a tired person writes it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foresight.restoring.estates import SMALL, map_of

from wardkeep.foresight.restoring.errors import LostFileError
from wardkeep.foresight.restoring.lost import lost_servers
from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.machines import Device, Server

WHOLE = map_of(*SMALL)


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("lis", ["lis"]),
        ("\ufeffserver:lis  # by its console\r\n\r\n  record \n", ["lis", "record"]),
        ("lis\nserver:lis", ["lis"]),
        ("segment:room", ["ad1", "ad2", "hv", "lis"]),
        ("room", ["ad1", "ad2", "hv", "lis"]),
        ("site:hr", ["hv"]),
        ("application:directory", ["ad1", "ad2"]),
        ("ALL", ["ad1", "ad2", "games", "hv", "lis", "record"]),
    ],
)
def test_servers_are_named_one_by_one_or_by_where_they_stand(
    text: str, lost: list[str]
) -> None:
    assert lost_servers(WHOLE, text) == tuple(lost)


def test_every_line_that_is_not_on_the_map_is_told_with_its_number() -> None:
    with pytest.raises(NotOnTheMapError, match=r"line 1: 'nas'.*\n.*line 3: 'nas2'") as told:
        lost_servers(WHOLE, "nas\nlis\nnas2")
    assert "map show" in told.value.advice
    with pytest.raises(NotOnTheMapError, match="and 5 lines more"):
        lost_servers(WHOLE, "\n".join(f"x{number}" for number in range(15)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing is named as lost"),
        ("# only a remark\n\n", "nothing is named as lost"),
        ("lis\nsegment:empty", "line 2: no server of segment:empty"),
        ("service:lab", "line 1: service:lab is no server, segment, site or application"),
    ],
)
def test_what_cannot_be_planned_is_told_with_its_line(text: str, says: str) -> None:
    with pytest.raises(LostFileError, match=says):
        lost_servers(WHOLE, text)


def test_a_bare_id_of_several_things_is_the_server() -> None:
    whole = map_of(Server(id="coro"), Device(id="coro"))
    assert lost_servers(whole, "coro") == ("coro",)
    with pytest.raises(LostFileError, match="no server of the map"):
        lost_servers(map_of(Device(id="coro")), "all")


@given(st.text())
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    with contextlib.suppress(LostFileError, NotOnTheMapError):
        assert lost_servers(WHOLE, text)
