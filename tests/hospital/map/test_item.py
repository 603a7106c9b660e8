from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.item import LONGEST_ID, as_id, named_by, reference_to, split
from wardkeep.hospital.map.machines import Application, Server
from wardkeep.hospital.map.whole import KINDS


@pytest.mark.parametrize(
    "text", ["", " pc1", "pc1 ", "server:pc1", "a;b", "a|b", "a\nb", "x" * 121]
)
def test_an_id_that_could_not_be_named_is_refused(text: str) -> None:
    with pytest.raises(MapItemError, match="is no id"):
        Server(id=text)


@given(st.text(max_size=300))
def test_any_text_becomes_an_id_or_nothing(text: str) -> None:
    made = as_id(text)
    assert len(made) <= LONGEST_ID
    if made:
        assert Server(id=made).id == made


def test_a_bare_id_is_of_the_first_kind_that_the_field_may_name() -> None:
    application = Application(
        id="dpi", servers=("dpi01",), needs=("annuaire", "supplier:dossier"), owner="an"
    )
    assert named_by(application) == (
        ("owner", "person:an"),
        ("servers", "server:dpi01"),
        ("needs", "application:annuaire"),
        ("needs", "supplier:dossier"),
    )


def test_a_reference_tells_kind_and_id() -> None:
    assert split(reference_to(Server(id="db 1"))) == ("server", "db 1")
    assert split("db 1") == ("", "db 1")


def test_every_kind_that_a_field_may_name_exists() -> None:
    for kind in KINDS.values():
        for kinds in kind.REFERS.values():
            assert set(kinds) <= set(KINDS)
