"""Where a box takes messages is asked of the server, not guessed from a file."""

from __future__ import annotations

import os
from pathlib import Path

from wardkeep.app import processes
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.app.listening import (
    Door,
    doors_of,
    feeds_left_out,
    intake_of,
    open_doors,
    settings_are_newer,
)
from wardkeep.app.processes import Process
from wardkeep.hospital.site import Feed, Site

SETTINGS = 'name = "x"\n[[feeds]]\nname = "adt"\nport = 2600\n'


def a_box(tmp_path: Path) -> HospitalFolder:
    return lay_out(tmp_path / "h", SETTINGS)


def test_where_no_server_runs_nobody_says_where_messages_are_taken(tmp_path: Path) -> None:
    assert open_doors(a_box(tmp_path)) is None


def test_a_stopped_box_tells_where_it_will_listen(tmp_path: Path) -> None:
    intake = intake_of(a_box(tmp_path), running=False)
    assert intake.doors == (Door("adt", "127.0.0.1", 2600),)
    assert not intake.open


def test_feeds_without_a_port_of_their_own_are_no_doors() -> None:
    fhir = Feed(name="fhir", kind="fhir")
    assert doors_of(Site(name="x", feeds=(fhir, Feed(name="adt", port=2600)))) == (
        Door("adt", "127.0.0.1", 2600),
    )


def test_a_first_leaves_out_no_feed_of_another(tmp_path: Path) -> None:
    assert feeds_left_out(a_box(tmp_path), Site(name="x")) == []


def test_a_second_box_with_the_feeds_of_the_first_leaves_none_out(tmp_path: Path) -> None:
    folder = a_box(tmp_path)
    folder.first_settings.parent.mkdir(exist_ok=True)
    folder.first_settings.write_text(SETTINGS)
    assert feeds_left_out(folder, Site(name="x", feeds=(Feed(name="adt"),))) == []
    assert feeds_left_out(folder, Site(name="x")) == ["adt"]


def test_settings_that_were_written_after_the_start_are_newer_than_what_runs(
    tmp_path: Path,
) -> None:
    folder = a_box(tmp_path)
    started = 1_790_000_000_000_000
    processes.write(folder, [Process(name="web", running=True, since=started)])
    os.utime(folder.settings, (started // 1_000_000 - 1,) * 2)
    assert not settings_are_newer(folder)
    os.utime(folder.settings, (started // 1_000_000 + 1,) * 2)
    assert settings_are_newer(folder)
