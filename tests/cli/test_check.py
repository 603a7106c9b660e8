"""`wardkeep check` says what stands in the way, with a status that scripts can use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.stories.site_server import free_port

from wardkeep.adapters.files import write_private
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.cli.main import main


@pytest.fixture
def folder(tmp_path: Path) -> HospitalFolder:
    made = lay_out(tmp_path / "h", default_settings_toml("x", free_port(), free_port()))
    make_key_ring(made.keys)
    return made


def test_a_sound_folder_is_said_to_be_sound(
    folder: HospitalFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(folder.path)]) == 0
    assert "ok       keys: server.key is private" in capsys.readouterr().out


def test_a_fault_comes_with_what_to_do(
    folder: HospitalFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder.keys / "server.key").chmod(0o644)
    assert main(["check", str(folder.path)]) == 1
    assert "What to do: chmod 600" in capsys.readouterr().out


def test_a_script_reads_the_findings(
    folder: HospitalFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--json", str(folder.path)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is True
    assert {"subject", "outcome", "text", "remedy"} == set(answer["findings"][0])


def test_bad_settings_have_their_own_status(
    folder: HospitalFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    write_private(folder.settings, b'name = "x"\nweb_prot = 1\n')
    assert main(["check", str(folder.path)]) == 3
    assert "line 2: there is no setting 'web_prot'" in capsys.readouterr().err
