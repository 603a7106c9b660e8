from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient
from tests.web.conftest import log_in
from tests.web.estates import Desk, known, small
from tests.web.handmade import Bench

from wardkeep.hospital.map.care import Need, Service
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.outside import Exchange, Neighbour
from wardkeep.paper.coverage import PRINTABLE
from wardkeep.web.map_boxes import fitted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Laboratoire", "Laboratoire"),
        ("Bloc opératoire, Val-des-Aulnes", "Bloc opératoire, Val-de…"),
        ("i" * 60, "i" * 42 + "…"),
        ("a\u202eb", "a[U+202E]b"),
        ("  two\n lines ", "two lines"),
        ("", ""),
    ],
)
def test_a_name_is_cut_where_its_box_ends(text: str, shown: str) -> None:
    told = fitted(text, 202, 16)
    assert told == shown or (told.endswith("…") and text.startswith(told[:-1]))
    assert len(told) <= len(shown) + 1


def test_a_name_of_megabytes_costs_no_more_than_a_long_one() -> None:
    assert fitted("W" * 10_000_000, 202, 16) == "W" * 12 + "…"


def test_a_code_is_never_torn() -> None:
    assert fitted("\u202e" * 9, 100, 16).replace("…", "") in {"[U+202E]" * n for n in range(3)}


@given(st.text(max_size=200), st.integers(20, 900))
def test_whatever_a_name_holds_the_picture_shows_nothing_hidden_and_ends_at_its_box(
    text: str, width: int
) -> None:
    told = fitted(text, width, 16)
    assert PRINTABLE.issuperset(told)
    assert len(told) <= width


@pytest.fixture(scope="module")
def browser() -> Iterator[tuple[Bench, TestClient[Any]]]:
    bench = Bench()
    bench.map = Desk(small())
    with TestClient(bench.app(), base_url="http://127.0.0.1") as client:
        assert log_in(client, "ines").status_code < 400
        yield bench, client


@settings(max_examples=25)
@given(name=st.text(max_size=40), note=st.text(max_size=40), care=st.text(max_size=40))
def test_no_text_of_an_import_becomes_part_of_a_page(
    browser: tuple[Bench, TestClient[Any]], name: str, note: str, care: str
) -> None:
    bench, client = browser
    hostile = f"{name}<img src=x onerror=alert(1)>\u202e"
    bench.map = Desk(
        known(
            Server(id="s", name=hostile, note=f"{note}</title></svg><script>", site="val"),
            Neighbour(id="n", name=hostile),
            Exchange(id="e", neighbour="n", name=hostile, when_cut=f"{care}<script>"),
            Service(id="care", name=hostile),
            Need(id="need", service="care", of=("server:s", "exchange:e")),
        )
    )
    client.app.state.web.deps = msgspec.structs.replace(
        client.app.state.web.deps, map=bench.map
    )
    for path in (
        "/map",
        "/map/list",
        "/map/item?item=server:s",
        "/map/falls?item=server:s",
        "/map/needs?item=service:care",
        "/map/struck?item=neighbour:n",
        "/map/checks",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "<img" not in answer.text
        assert answer.text.count("<script") == 1  # our own
        assert "\u202e" not in answer.text
