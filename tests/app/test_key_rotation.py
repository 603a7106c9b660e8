"""Rotations that are killed at every step: whatever lies on the disk then opens everything."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.stories.site_server import ENVIRONMENT, SiteServer, message, wardkeep

from wardkeep.adapters.key_ring import KeyRing, load_key_ring
from wardkeep.adapters.rewrapping import wrapped_files
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.key_rotation import rotate
from wardkeep.ledger.errors import KeyMissingError

_ROTATE = """
import os, signal, sys
from pathlib import Path
from wardkeep.app.folder import open_folder
from wardkeep.app.key_rotation import rotate

wanted = int(sys.argv[2])
seen = 0

def step(*_):
    global seen
    seen += 1
    if seen == wanted:
        os.kill(os.getpid(), signal.SIGKILL)

rotate(open_folder(Path(sys.argv[1])), "test", step, step)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("made") / "site"
    said = wardkeep("init", folder, "--json")
    return folder, json.loads(said)["recovery_words"]


@pytest.fixture
def site(made: tuple[Path, str], tmp_path: Path) -> HospitalFolder:
    shutil.copytree(made[0], tmp_path / "site")
    folder = HospitalFolder(tmp_path / "site")
    ring = load_key_ring(folder.keys)
    (folder.packs / "A2").mkdir()
    (folder.packs / "A2" / "1.pdf.age").write_bytes(ring.wrap(b"%PDF"))
    return folder


def contents(folder: HospitalFolder) -> list[bytes]:
    ring = load_key_ring(folder.keys)
    return [ring.unwrap(path) for path in wrapped_files(folder.path)]


class CutOffError(BaseException):
    """What stands for a kill within this process: nothing may catch it."""


def cut_off(folder: HospitalFolder, at: int) -> bool:
    seen = 0

    def step(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == at:
            raise CutOffError

    try:
        rotate(folder, "test", step, step)
    except CutOffError:
        return True
    return False


def kill(folder: HospitalFolder, at: int) -> bool:
    done = subprocess.run(
        [sys.executable, "-c", _ROTATE, str(folder.path), str(at)],
        check=False,
        capture_output=True,
        env=ENVIRONMENT,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode == -signal.SIGKILL


def test_after_a_rotation_the_old_key_opens_nothing_and_the_new_one_all(
    site: HospitalFolder,
) -> None:
    before = contents(site)
    old = (site.keys / "server.key").read_text()
    done = rotate(site, "os:anna", lambda _done, _total: None)
    assert done.files == len(before)
    assert done.closed == ()
    assert contents(site) == before
    (site.keys / "server.key").write_text(old)
    with pytest.raises(KeyMissingError):
        load_key_ring(site.keys)
    for path in wrapped_files(site.path):
        with pytest.raises(KeyMissingError):
            KeyRing(site.keys, lambda: old).unwrap(path)


@pytest.mark.parametrize("end", [cut_off, pytest.param(kill, marks=pytest.mark.long)])
def test_killed_at_every_step_everything_opens_and_the_rotation_goes_on(
    site: HospitalFolder, made: tuple[Path, str], end: Callable[[HospitalFolder, int], bool]
) -> None:
    before = contents(site)
    old = (site.keys / "server.key").read_text().split()
    step = 1
    while end(site, step):
        assert contents(site) == before, step
        step += 1
    assert step > 5
    now = (site.keys / "server.key").read_text().split()
    assert len(now) == 1
    assert now != old
    assert contents(site) == before
    assert json.loads(wardkeep("verify", site.path, "--json"))["ok"]
    (site.path / "words").write_text(made[1])
    wardkeep("recover-key", site.path, "--words-file", site.path / "words")
    assert contents(site) == before


def test_a_damaged_key_file_is_named_and_keeps_no_other_from_being_wrapped(
    site: HospitalFolder,
) -> None:
    (site.chart / "chart.key").write_bytes(b"damaged")
    said = json.loads(wardkeep("keys", "rotate", site.path, "--json", status=4))
    assert said["closed"] == ["chart/chart.key"]
    assert said["files"] == len(wrapped_files(site.path)) - 1


def test_new_words_open_and_the_old_ones_open_nothing_any_more(
    site: HospitalFolder, made: tuple[Path, str]
) -> None:
    said = json.loads(wardkeep("keys", "rotate", site.path, "--recovery", "--json"))
    shutil.rmtree(site.keys)
    wardkeep("recover-key", site.path, status=1, words_in=made[1])
    wardkeep("recover-key", site.path, words_in=said["recovery_words"])
    assert json.loads(wardkeep("verify", site.path, "--json"))["ok"]
    assert "24 words, made" in wardkeep("keys", "status", site.path)


def test_a_running_server_works_on_through_rotations_of_all_keys(tmp_path: Path) -> None:
    server = SiteServer(tmp_path / "hospital")
    server.start()
    try:
        server.send(message(1))
        for _ in range(2):
            wardkeep("keys", "rotate", server.folder, "--signing")
        before = server.children()
        for module in ("wardkeep.app.chart_process", "wardkeep.app.writer_process"):
            os.kill(before[module], signal.SIGKILL)
        writer = "wardkeep.app.writer_process"
        while server.children().get(writer) in {None, before[writer]}:
            pass
        server.await_listener()
        assert server.send(message(2, "4712"))
        assert "4712" in wardkeep("chart", server.folder, "4712")
        assert json.loads(wardkeep("verify", server.folder, "--json"))["ok"]
    finally:
        server.stop()
    assert json.loads(wardkeep("verify", server.folder, "--json"))["ok"]
