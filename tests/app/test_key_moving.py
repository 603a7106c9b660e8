"""The server's key is moved, killed at every step: the source that is named opens all."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.stories.site_server import ENVIRONMENT, wardkeep

from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.key_sources import PassphraseSource
from wardkeep.app.errors import SettingsError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.key_moving import move, name_source
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import open_keys
from wardkeep.hospital.site import Keys
from wardkeep.ledger.errors import KeyAbsentError, KeyMissingError

_MOVE = """
import os, signal, sys
from pathlib import Path
from wardkeep.app.folder import open_folder
from wardkeep.app.key_moving import move
from wardkeep.hospital.site import Keys

def step(name):
    if name == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

move(open_folder(Path(sys.argv[1])), Keys(source="usb", usb=sys.argv[2]), "test", step=step)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "site"
    wardkeep("init", folder, "--json")
    return folder


@pytest.fixture
def site(made: Path, tmp_path: Path) -> HospitalFolder:
    shutil.copytree(made, tmp_path / "site")
    (tmp_path / "stick").mkdir()
    return HospitalFolder(tmp_path / "site")


@pytest.mark.parametrize("killed", ["written", "named", "removed", "never"])
def test_killed_while_it_is_moved_the_key_is_where_the_settings_say(
    site: HospitalFolder, tmp_path: Path, killed: str
) -> None:
    stick = tmp_path / "stick" / "key"
    words = [sys.executable, "-c", _MOVE, str(site.path), str(stick)]
    for how, status in ((killed, -signal.SIGKILL if killed != "never" else 0), ("never", 0)):
        done = subprocess.run([*words, how], check=False, env=ENVIRONMENT)
        assert done.returncode == status
        assert open_keys(site).signing_key()
    assert load_site(site).keys == Keys(source="usb", usb=str(stick))
    assert not (site.keys / "server.key").exists()


def test_a_key_goes_from_place_to_place_and_lies_in_one_only(
    site: HospitalFolder, tmp_path: Path
) -> None:
    stick = tmp_path / "stick" / "key"
    sealed = site.keys / "server.key.age"
    wardkeep("keys", "move", site.path, "--to", "usb", "--usb", stick)
    words = "five words of mere chance\n"
    wardkeep("keys", "move", site.path, "--to", "passphrase", words_in=words)
    assert not stick.exists()
    assert b"AGE-SECRET" not in sealed.read_bytes()
    assert "entries" in wardkeep("verify", site.path, "--json", words_in=words)
    wardkeep("verify", site.path, status=4, words_in="another\n")
    wardkeep("keys", "rotate", site.path, words_in=words)
    wardkeep("keys", "move", site.path, "--to", "file", words_in=words)
    assert not sealed.exists()
    assert open_keys(site).signing_key()
    assert "from file" in wardkeep("keys", "status", site.path)


def test_a_short_passphrase_is_refused_and_nothing_is_moved(site: HospitalFolder) -> None:
    wardkeep("keys", "move", site.path, "--to", "passphrase", status=4, words_in="1234\n")
    assert open_keys(site).signing_key()


def test_a_stick_that_is_not_there_moves_nothing(site: HospitalFolder, tmp_path: Path) -> None:
    with pytest.raises(KeyAbsentError):
        move(site, Keys(source="usb", usb=str(tmp_path / "none" / "key")), "test")
    assert load_site(site).keys.source == "file"
    assert open_keys(site).signing_key()


def test_a_key_that_does_not_open_the_stores_is_not_moved(
    site: HospitalFolder, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    make_key_ring(tmp_path / "other")
    shutil.copy(tmp_path / "other" / "server.key", site.keys / "server.key")
    with pytest.raises(KeyMissingError):
        move(site, Keys(source="usb", usb=str(tmp_path / "stick" / "key")), "test")


def test_the_passphrase_that_is_set_is_the_one_asked_for(site: HospitalFolder) -> None:
    target = PassphraseSource(site.keys / "server.key.age", lambda: "five words of chance")
    move(site, Keys(source="passphrase"), "test", target)
    assert target.read().startswith("AGE-SECRET-KEY-1")


def test_the_rest_of_the_settings_stays_word_for_word(site: HospitalFolder) -> None:
    before = site.settings.read_text()
    table = '\n[keys]\n# where it lies\nsource = "file"\n\n# a ward\n[[wards]]\ncode = "A2"\n'
    site.settings.write_text(before + table)
    name_source(site, Keys(source="passphrase"))
    after = site.settings.read_text()
    assert after.startswith(before.rstrip("\n"))
    assert '# a ward\n[[wards]]\ncode = "A2"' in after
    assert after.endswith('\n\n[keys]\nsource = "passphrase"\n')
    with pytest.raises(SettingsError):
        name_source(site, Keys(source="usb", usb="nonsense"))
    assert site.settings.read_text() == after
