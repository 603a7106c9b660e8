import sys
from pathlib import Path

import pytest

from wardkeep.app.child import Stop, run_child
from wardkeep.app.folder import HospitalFolder, lay_out
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.hospital.site import Site


def test_a_process_that_fails_says_where_and_names_no_patient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = lay_out(tmp_path / "hospital", default_settings_toml("H", 2575, 8443))
    monkeypatch.setattr(sys, "argv", ["child", str(folder.path)])
    monkeypatch.setattr("wardkeep.app.child.die_with_parent", lambda: None)
    monkeypatch.setattr("wardkeep.app.child.forbid_core_dumps", lambda: None)

    async def body(_folder: HospitalFolder, _site: Site, _stop: Stop) -> None:
        raise ValueError("PID|1||4711||Mueller")

    assert run_child(body) == 1
    log = capfd.readouterr().err
    assert "not foreseen: ValueError" in log
    assert "test_child.py" in log
    assert "Mueller" not in log.replace('raise ValueError("PID|1||4711||Mueller")', "")
