from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map.care import Need
from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.machines import Server, Workstations
from wardkeep.hospital.map.places import Reach
from wardkeep.hospital.map.table import TableMapping, read_table
from wardkeep.hospital.map.whole import KINDS

NOTHING_SAID = TableMapping()


def test_usual_headings_are_understood_without_a_mapping() -> None:
    read = read_table(
        Workstations,
        ["Hostname", "VLAN", "Betriebssystem", "Anzahl", "Adresse IP"],
        [(2, ["pc-1", "vlan10", "Windows 10", "12", "10.0.0.1;10.0.0.2"])],
        NOTHING_SAID,
    )
    assert read.items == (
        Workstations(
            id="pc-1",
            segment="vlan10",
            system="Windows 10",
            count=12,
            addresses=("10.0.0.1", "10.0.0.2"),
        ),
    )
    assert not read.not_used


def test_a_mapping_says_columns_fixed_fields_words_and_what_is_not_wanted() -> None:
    mapping = TableMapping(
        columns={"Machine": "id", "Criticité": "tier"},
        fixed={"domain": "corp"},
        values={"tier": {"vitale": "0"}},
        ignored=("Série",),
    )
    read = read_table(
        Server,
        ["Machine", "Criticité", "Série", "Couleur"],
        [(2, ["db1", "Vitale", "42", "bleu"])],
        mapping,
    )
    assert read.items == (Server(id="db1", tier=0, domain="corp"),)
    assert read.not_used == ("Couleur",)


def test_a_row_that_cannot_be_read_is_told_with_its_line_and_the_others_are_taken() -> None:
    rows = [(2, ["a", "b", "web"]), (3, ["a", "b", "telepathy"]), (7, ["a", "", "any"])]
    read = read_table(Reach, ["source", "target", "ports"], rows, NOTHING_SAID)
    assert [each.id for each in read.items] == ["a / b"]
    assert (read.rows, read.refused) == (3, 2)
    assert [(each.line, each.why) for each in read.told] == [
        (
            3,
            "ports: 'telepathy' is none of any, management, file, web, database, clinical",
        ),
        (7, "nothing stands in target"),
    ]


def test_one_id_twice_is_taken_once_and_refused_when_it_says_otherwise() -> None:
    rows = [(2, ["db1", "arlon"]), (3, ["db1", "arlon"]), (4, ["db1", "bastogne"])]
    read = read_table(Server, ["id", "site"], rows, NOTHING_SAID)
    assert len(read.items) == 1
    assert [(each.line, each.why) for each in read.told] == [
        (4, "id 'db1' stands on line 2 too, otherwise")
    ]


def test_a_row_without_an_id_is_called_by_its_name_or_by_what_it_must_say() -> None:
    named = read_table(Server, ["name"], [(2, ["Base: 1"])], NOTHING_SAID)
    assert named.items == (Server(id="Base- 1", name="Base: 1"),)
    rows = [(2, ["lab", "application:lis;application:dpi"])]
    need = read_table(Need, ["service", "of"], rows, NOTHING_SAID)
    assert need.items[0].id == "lab / application-lis+application-dpi"


def test_a_short_row_says_nothing_of_the_columns_it_lacks() -> None:
    read = read_table(Server, ["id", "site"], [(2, ["db1"])], NOTHING_SAID)
    assert read.items == (Server(id="db1"),)


def test_a_mapping_to_a_field_that_is_none_is_refused_with_the_fields() -> None:
    with pytest.raises(MapItemError, match="colour") as refused:
        read_table(Server, ["id"], [], TableMapping(kind="server", fixed={"colour": "red"}))
    assert "restore_hours" in refused.value.advice


def test_a_mapping_that_fixes_what_cannot_be_read_is_refused_before_any_row() -> None:
    with pytest.raises(MapItemError, match="fixes tier: 'vital' is no number"):
        read_table(Server, ["id"], [], TableMapping(fixed={"tier": "vital"}))


@given(
    st.sampled_from(sorted(KINDS)),
    st.lists(st.text(max_size=12), max_size=6),
    st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=6),
)
def test_any_table_is_taken_or_told_row_by_row(
    kind: str, headings: list[str], cells: list[list[str]]
) -> None:
    rows = list(enumerate(cells, start=2))
    read = read_table(KINDS[kind], headings, rows, NOTHING_SAID)
    assert read.rows == len(rows)
    assert len(read.told) == read.refused
    assert len(read.items) + read.refused <= read.rows


def test_a_field_of_one_kind_takes_kind_and_id_as_well_as_the_id() -> None:
    rows = [(2, ["n", "service:lab", "service:lab;server:lis"])]
    (need,) = read_table(Need, ["id", "service", "of"], rows, NOTHING_SAID).items
    assert isinstance(need, Need)
    assert (need.service, need.of) == ("lab", ("service:lab", "server:lis"))
    rows = [(2, ["db1", "person:ann", "server:hv;server:ad"])]
    (server,) = read_table(Server, ["id", "owner", "restored_after"], rows, NOTHING_SAID).items
    assert isinstance(server, Server)
    assert (server.owner, server.restored_after) == ("ann", ("hv", "ad"))
