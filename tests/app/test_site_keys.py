import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.stories.site_server import ENVIRONMENT, PATIENCE_SECONDS, wardkeep

from wardkeep.adapters import held_key
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.key_sources import FileSource
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import (
    WAITING,
    open_keys,
    open_neighbours_keys,
    source_of,
    wait_for_key,
)
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.errors import KeyAbsentError


@pytest.fixture
def folder(tmp_path: Path) -> HospitalFolder:
    made = lay_out(tmp_path / "site", 'name = "H"\n')
    make_key_ring(made.keys)
    return made


def test_the_key_is_taken_from_where_the_settings_say(
    folder: HospitalFolder, tmp_path: Path
) -> None:
    stick = tmp_path / "stick" / "key"
    folder.settings.write_text(f'name = "H"\n[keys]\nsource = "usb"\nusb = "{stick}"\n')
    with pytest.raises(KeyAbsentError):
        open_keys(folder)
    stick.parent.mkdir()
    (folder.keys / "server.key").rename(stick)
    ring = open_keys(folder)
    stick.unlink()
    key = ring.make_key(folder.chart / "chart.key")
    assert ring.open_key(folder.chart / "chart.key") == key


def test_keys_open_with_settings_that_cannot_be_used(folder: HospitalFolder) -> None:
    folder.settings.write_text("name = ")
    assert open_keys(folder)


def test_a_server_waits_for_its_stick_says_so_and_goes_on(
    folder: HospitalFolder, tmp_path: Path
) -> None:
    place = tmp_path / "key"
    source = FileSource(place)
    clock = [0]
    said: list[str] = []

    def pause(_seconds: float) -> bool:
        clock[0] += 25 * SECOND
        state = json.loads((folder.run / WAITING).read_bytes())
        assert state["since"] == 1 * SECOND
        if clock[0] == 150 * SECOND:
            place.write_text("KEY")
        return False

    key = wait_for_key(folder, source, said.append, pause, lambda: clock[0] + 1 * SECOND)
    assert key == "KEY"
    assert len(said) == 2
    assert "WAITING FOR THE KEY" in said[0]
    assert not (folder.run / WAITING).exists()


def test_a_server_that_waits_can_be_ended(folder: HospitalFolder, tmp_path: Path) -> None:
    source = FileSource(tmp_path / "never")
    assert wait_for_key(folder, source, lambda _: None, lambda _: True, lambda: 1) is None
    assert not (folder.run / WAITING).exists()


@pytest.mark.parametrize("source", ["file", "usb", "credential", "passphrase"])
def test_every_source_of_the_settings_is_one(folder: HospitalFolder, source: str) -> None:
    folder.settings.write_text(f'name = "H"\n[keys]\nsource = "{source}"\n')
    assert source_of(folder, load_site(folder).keys, lambda: "")


WORDS = "five words of mere chance\n"


@pytest.fixture
def behind_a_passphrase(tmp_path: Path) -> Path:
    folder = tmp_path / "hospital"
    wardkeep("init", folder)
    wardkeep("keys", "move", folder, "--to", "passphrase", words_in=WORDS)
    return folder


def test_a_verb_that_asks_more_than_once_takes_one_line(behind_a_passphrase: Path) -> None:
    assert wardkeep("wards", behind_a_passphrase, "--json", words_in=WORDS)


def test_a_verb_that_can_ask_nobody_ends_and_holds_nothing(behind_a_passphrase: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wardkeep", "wards", str(behind_a_passphrase)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == KeyAbsentError.exit_status
    assert "no line on stdin" in done.stderr
    assert "What to do: Run it at a terminal" in done.stderr


def test_nobody_is_kept_from_the_ledgers_while_a_passphrase_is_typed(
    behind_a_passphrase: Path,
) -> None:
    lock = HospitalFolder(behind_a_passphrase).writer_lock
    with (
        WriterLock(lock),
        subprocess.Popen(
            [sys.executable, "-m", "wardkeep", "wards", str(behind_a_passphrase)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            text=True,
        ) as verb,
    ):
        assert "no line on stdin" in verb.communicate("", timeout=PATIENCE_SECONDS)[1]


def test_a_neighbours_folder_opens_with_its_own_key_and_not_with_the_servers(
    folder: HospitalFolder, tmp_path: Path
) -> None:
    other = lay_out(tmp_path / "other", 'name = "O"\n')
    make_key_ring(other.keys)
    assert open_neighbours_keys(other).signing_key()
    held = held_key.hold((folder.keys / "server.key").read_text())
    opens = (
        "import sys; from pathlib import Path\n"
        "from wardkeep.app.folder import HospitalFolder as F\n"
        "from wardkeep.app.site_keys import open_keys, open_neighbours_keys\n"
        "open_keys(F(Path(sys.argv[1]))); open_neighbours_keys(F(Path(sys.argv[2])))\n"
    )
    words = [sys.executable, "-c", opens, str(folder.path), str(other.path)]
    subprocess.run(words, stdin=held, check=True, env=ENVIRONMENT)
