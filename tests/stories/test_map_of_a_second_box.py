"""The first box is lost in the strike: the map, needed that night, is on the second one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.stories.site_server import SiteServer, browser, wardkeep
from tests.stories.two_boxes import SecondBox, burn, invitation, may_be_copied

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.operations_store import read_looks
from wardkeep.app.map_sample import write_small_sample


def shown(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(wardkeep("map", "show", folder, "--json"))
    return told


def tables(out: Path) -> list[Path]:
    """Return the tables of a small house."""
    return [path for path in write_small_sample(out) if path.suffix == ".csv"]


def said(folder: Path) -> tuple[object, object]:
    """Return what a map says, and who said it when."""
    told = shown(folder)
    return told["items"], told["sources"]


def planned(folder: Path, lost: Path) -> dict[str, Any]:
    """Return the restore plan of a box, without what it says of its map's way there."""
    told: dict[str, Any] = json.loads(
        wardkeep("restore-plan", folder, "--lost", lost, "--steps", "500", "--json")
    )
    del told["map_copy"]
    return told


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[SiteServer, SecondBox]]:
    """A first with the map of a small house, and the second box of its site."""
    first = SiteServer(tmp_path / "first")
    port = may_be_copied(first)
    first.start()
    wardkeep("map", "import", first.folder, *tables(tmp_path / "sample"))
    code = invitation(first.folder, "box-2", "--with-map")
    second = SecondBox(tmp_path / "second", port, code, first)
    second.start()
    yield first, second
    second.kill()
    first.kill()


def await_map(second: SecondBox, holds: Callable[[], bool]) -> None:
    """Return once the map stands so, and the second box tells as of when."""
    second.await_that(lambda: bool(second.standing().map.as_of) and holds())


def test_the_map_is_on_the_second_box_and_its_restore_plan_is_that_of_the_lost_first(
    pair: tuple[SiteServer, SecondBox], tmp_path: Path
) -> None:
    first, second = pair
    lost = tmp_path / "lost.txt"
    lost.write_text("all\n")
    await_map(second, lambda: said(second.folder) == said(first.folder))
    told = shown(second.folder)
    assert told["items"]
    assert told["map_as_of"] == shown(first.folder)["map_as_of"]
    assert told["map_copy"]["as_of"] > told["map_as_of"]
    assert shown(first.folder)["map_copy"] is None
    assert "A COPY. It is as the first had it at" in wardkeep("map", "show", second.folder)
    with browser(second) as screen:
        page = screen.get("/map").text
    assert "COPY OF THE MAP" in page
    assert "As the first server had it at" in page
    before = planned(first.folder, lost)
    assert planned(second.folder, lost) == before

    burn(first)
    second.await_silence()
    promoted = json.loads(
        wardkeep("follow", second.folder, "--promote", "box 1 burnt", "--json")
    )
    assert promoted["map"]["parts"] == len(told["sources"])
    assert promoted["map"]["as_of"]
    assert planned(second.folder, lost) == before
    assert shown(second.folder)["map_copy"] is None
    with browser(second) as screen:
        second.await_that(lambda: "COPY OF THE MAP" not in screen.get("/map").text)
        assert "MAP as of" in screen.get("/map").text


def test_what_is_forgotten_at_the_first_goes_and_what_an_attacker_destroys_there_stays(
    pair: tuple[SiteServer, SecondBox], tmp_path: Path
) -> None:
    first, second = pair
    await_map(second, lambda: said(second.folder) == said(first.folder))
    gone, *_ = shown(first.folder)["sources"]
    wardkeep("map", "forget", first.folder, "--source", gone["source"])
    await_map(second, lambda: said(second.folder) == said(first.folder))
    kept = shown(second.folder)
    assert kept["items"]
    assert gone["source"] not in {each["source"] for each in kept["sources"]}
    struck = time.time_ns() // 1_000
    for path in (first.folder / "map").iterdir():
        path.unlink()
    new = tmp_path / "servers.csv"
    new.write_text("id;name\nnew1;New\n")
    wardkeep("map", "import", first.folder, new, "--source", "new")
    second.await_that(lambda: "new" in {s["source"] for s in shown(second.folder)["sources"]})
    assert [each["id"] for each in shown(first.folder)["items"]] == ["new1"]
    after = shown(second.folder)
    assert [each for each in after["items"] if each["id"] != "new1"] == kept["items"]
    assert second.standing().map.as_of < struck, "what came after is not as the first has it"
    with browser(second) as screen:
        assert "COPY OF THE MAP" in screen.get("/map").text
    begun = time.time_ns() // 1_000
    second.await_standing(lambda found: found.as_of > begun and not found.waiting_looks)
    assert second.stop() == 0
    assert first.stop() == 0
    looks = read_looks(first.folder / "access", load_key_ring(first.folder / "keys"))
    assert "map" in {look.page for look in looks if "box-2" in look.why}


def test_a_box_that_was_not_given_the_map_gets_none_until_a_person_says_so(
    tmp_path: Path,
) -> None:
    first = SiteServer(tmp_path / "first")
    port = may_be_copied(first)
    first.start()
    wardkeep("map", "import", first.folder, *tables(tmp_path / "sample"))
    second = SecondBox(tmp_path / "second", port, invitation(first.folder, "box-2"), first)
    second.start()
    second.await_even()
    second.await_that(lambda: second.standing().map.offer == "withheld")
    assert not shown(second.folder)["items"]
    with browser(second) as screen:
        page = screen.get("/map").text
    assert "wardkeep followers give-map DIR NAME" in page
    wardkeep("followers", "give-map", first.folder, "box-2")
    assert second.stop() == 0
    second.start()
    await_map(second, lambda: said(second.folder) == said(first.folder))
    assert second.stop() == 0
    assert first.stop() == 0
