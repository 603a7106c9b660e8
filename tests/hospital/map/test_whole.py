from __future__ import annotations

import pytest

from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.item import Item
from wardkeep.hospital.map.machines import Application, Server
from wardkeep.hospital.map.whole import Disagreement, HospitalMap, Layer, counts, merged


def layer(source: str, *items: Item, rank: int = 100) -> Layer:
    return Layer(source=source, part="server", rank=rank, at=0, items=items)  # type: ignore[arg-type]


def test_each_source_adds_what_the_others_do_not_say() -> None:
    whole = merged(
        [layer("cmdb", Server(id="db1", site="arlon")), layer("scan", Server(id="db1", tier=1))]
    )
    assert whole.items == {"server:db1": Server(id="db1", site="arlon", tier=1)}
    assert not whole.disagreements


def test_where_sources_disagree_the_first_by_rank_is_believed_and_the_other_is_told() -> None:
    whole = merged(
        [
            layer("cmdb", Server(id="db1", site="arlon")),
            layer("walked-round", Server(id="db1", site="bastogne"), rank=1),
        ]
    )
    assert whole.items["server:db1"] == Server(id="db1", site="bastogne")
    assert whole.disagreements == (
        Disagreement("server:db1", "site", "bastogne", "walked-round", "arlon", "cmdb"),
    )


def test_a_map_is_as_old_as_the_part_that_was_read_longest_ago() -> None:
    old = Layer(source="a", part="server", rank=1, at=5, items=())
    new = Layer(source="b", part="server", rank=1, at=9, items=())
    assert merged([new, old]).as_of == 5
    assert merged([]).as_of is None


def test_the_order_of_the_files_changes_nothing() -> None:
    layers = [
        layer("a", Server(id="db1", site="arlon")),
        layer("b", Server(id="db1", site="bastogne", tier=1)),
        layer("c", Server(id="db1", tier=2), rank=5),
    ]
    assert merged(layers) == merged(reversed(layers))


def test_an_item_is_found_by_its_id_alone_where_one_kind_has_it() -> None:
    both = HospitalMap(
        {"server:dpi": Server(id="dpi"), "application:dpi": Application(id="dpi")}
    )
    assert both.item("server:dpi") == Server(id="dpi")
    with pytest.raises(NotOnTheMapError, match="server:dpi, application:dpi"):
        both.item("dpi")
    with pytest.raises(NotOnTheMapError, match="does not stand"):
        both.item("lis")
    assert HospitalMap({"server:db1": Server(id="db1")}).item("db1") == Server(id="db1")


def test_who_names_an_item_is_known_also_when_it_is_not_on_the_map() -> None:
    whole = merged([layer("a", Application(id="dpi", servers=("db1", "db2")))])
    assert whole.named_from["server:db2"] == (("servers", "application:dpi"),)
    assert counts(whole.items.values()) == {"application": 1}


def test_of_two_sources_of_one_rank_the_one_read_last_is_believed() -> None:
    old = Layer(source="a", part="p", rank=1, at=5, items=(Server(id="db1", patched=True),))
    new = Layer(source="b", part="p", rank=1, at=9, items=(Server(id="db1", patched=False),))
    whole = merged([old, new])
    assert whole.items["server:db1"] == Server(id="db1", patched=False)
    assert whole.disagreements == (
        Disagreement("server:db1", "patched", "no", "b", "yes", "a"),
    )
    first = Layer(source="c", part="p", rank=0, at=1, items=(Server(id="db1", patched=True),))
    assert merged([old, new, first]).items["server:db1"] == Server(id="db1", patched=True)


def test_a_map_knows_how_many_lines_of_its_files_were_not_taken() -> None:
    layers = [
        Layer(source=name, part="p", rank=1, at=5, items=(), refused=n)
        for name, n in (("a", 2), ("b", 3))
    ]
    assert merged(layers).refused == 5
