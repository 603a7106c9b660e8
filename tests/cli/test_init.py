import json
from pathlib import Path

import pytest

from wardkeep.app.folder import open_folder
from wardkeep.app.founding import found
from wardkeep.app.settings import load_site
from wardkeep.cli.main import main


def test_a_new_folder_is_private_and_its_words_are_shown_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "site"
    assert main(["init", str(folder), "--name", 'Sint-Jan "Zuid"', "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert len(made["recovery_words"].split()) == 24
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(p.stat().st_mode & 0o077 == 0 for p in folder.rglob("*"))
    content = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    assert made["password"].encode() not in content
    assert made["recovery_words"].encode() not in content
    assert load_site(open_folder(folder)).name == 'Sint-Jan "Zuid"'


def test_on_paper_the_words_are_numbered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "site")]) == 0
    said = capsys.readouterr().out
    assert " 1 " in said
    assert "24 " in said
    assert "password:" in said


def test_the_other_cipher_is_used_and_stands_in_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "site"
    assert main(["init", str(folder), "--cipher", "sqlcipher"]) == 0
    assert load_site(open_folder(folder)).cipher == "sqlcipher"
    assert (folder / "operations" / "operations.cipher").read_text() == "sqlcipher\n"
    assert main(["verify", str(folder)]) == 0


def test_a_folder_that_holds_something_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["init", str(tmp_path)]) != 0
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]
    assert "nothing was changed" in capsys.readouterr().err


def test_an_empty_folder_becomes_the_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site").mkdir()
    assert main(["init", str(tmp_path / "site")]) == 0
    assert (tmp_path / "site" / "wardkeep.toml").is_file()


def test_half_a_folder_is_never_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wardkeep.app.founding._first_entries", full)
    with pytest.raises(OSError, match="No space"):
        found(tmp_path / "site", "", "aegis", 1)
    assert list(tmp_path.iterdir()) == []


def test_one_port_for_web_and_feed_is_refused_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "site"), "--web-port", "2575"]) == 3
    assert "--mllp-port and --web-port are both 2575" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["abc", "0", "99999", "-1"])
def test_what_is_no_port_is_said_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["init", str(tmp_path / "site"), f"--web-port={port}"])
    assert f"'{port}' is not a port (1 to 65535)" in capsys.readouterr().err


def test_the_help_tells_what_the_ports_are_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["init", "--help"])
    said = capsys.readouterr().out
    assert "where the first feed listens" in said
    assert "where the screens are" in said
