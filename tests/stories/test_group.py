"""Two sites of a group: each runs its own server and sees the other's wards."""

from __future__ import annotations

import re
from pathlib import Path

from tests.stories.site_server import SiteServer, browser, message, wardkeep
from tests.stories.two_boxes import SecondBox, burn, invitation, may_be_copied, shown

from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.operations_store import read_looks


def named(folder: Path, name: str, code: str) -> SiteServer:
    site = SiteServer(folder)
    settings = folder / "wardkeep.toml"
    text = settings.read_text().replace('name = "Hospital"', f'name = "{name}"')
    settings.write_text(text.replace('code = "SITE"', f'code = "{code}"'))
    return site


def has_a_map(site: SiteServer, table: Path) -> None:
    table.write_text("id\nlis1\n")
    wardkeep("map", "import", site.folder, table)


def test_a_site_sees_the_wards_of_another_and_what_it_looks_at_is_told_there(
    tmp_path: Path,
) -> None:
    here = named(tmp_path / "here", "Saint Elisabeth", "ELI")
    there = named(tmp_path / "there", "Sankt Josef", "JOS")
    port = may_be_copied(there)
    there.start()
    there.send(message(1, record="8800", ward="B7"))
    has_a_map(there, tmp_path / "servers.csv")
    copy = here.folder / "others" / "JOS"
    follower = SecondBox(copy, port, invitation(there.folder, "ELI"), there)
    here.start()
    here.send(message(1, record="8800", ward="A2"))
    follower.await_even(1)

    with browser(here) as ward:
        assert "Sankt Josef" in ward.get("/").text
        wards = shown(ward, "/?site=JOS", "B7")
        assert "B7" in wards
        assert "OTHER SITE" in wards
        assert "A2" not in re.sub(r"<[^>]*>", " ", wards)
        board = shown(ward, "/ward?site=JOS&code=B7", "8800")
        assert "/patient?record=8800&amp;site=JOS" in board
        sheet = ward.get("/patient?site=JOS&record=8800").text
        assert "OTHER SITE" in sheet
        assert "B7" in sheet
        assert "/message?" not in sheet
        assert "OTHER SITE" not in ward.get("/patient?record=8800").text
        assert ward.get("/ward?site=NOWHERE&code=B7").status_code == 404
        assert "8800" in ward.get("/search?site=JOS&q=Peeters").text
        burn(there)
        follower.await_silence()
        assert "It does not answer." in ward.get("/ward?site=JOS&code=B7").text
    there.start()
    begun = now()
    follower.await_standing(lambda found: found.as_of > begun and not found.waiting_looks)
    assert here.stop() == 0
    assert there.stop() == 0
    assert (follower.standing().map.offer, (copy / "map").exists()) == ("withheld", False)
    own = read_looks(here.folder / "access", load_key_ring(here.folder / "keys"))
    assert {look.record for look in own if look.record} == {"8800", "JOS:8800"}
    told = read_looks(there.folder / "access", load_key_ring(there.folder / "keys"))
    assert {look.record for look in told if look.record} == {"8800"}
    assert all("(site ELI)" in look.why for look in told)
