"""What a site is installed with: units that may do little, a script that any sh runs."""

from __future__ import annotations

import configparser
import re
import subprocess
from pathlib import Path

import pytest

# What `systemd-analyze security` may say of a unit at most: 0 is a service that can do nothing,
# 10 one that can do everything. Stated in docs/operating.md.
EXPOSURE = {
    "wardkeep.service": 1.7,
    "wardkeep-backup.service": 1.5,
    "wardkeep-name.service": 1.7,
}


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # as systemd reads keys
    read.read_string(path.read_text())
    return read


def test_the_server_starts_at_boot_and_again_whenever_it_ends(project: Path) -> None:
    read = unit(project / "deploy" / "wardkeep.service")
    service = dict(read["Service"])
    launcher, *words = service["ExecStart"].split()
    assert Path(launcher).name == "wardkeep"
    assert words == ["serve", service["ReadWritePaths"]]
    wanted = {
        "Type": "notify",
        "Restart": "always",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "CapabilityBoundingSet": "",
        "MemoryDenyWriteExecute": "yes",
    }
    assert service.items() >= wanted.items()
    assert read["Install"]["WantedBy"] == "multi-user.target"


def test_the_program_that_answers_for_names_sees_the_settings_alone(project: Path) -> None:
    text = (project / "deploy" / "wardkeep-name.service").read_text()
    assert "TemporaryFileSystem=/srv/wardkeep:ro\n" in text
    bound = [
        path.removeprefix("-/srv/wardkeep/")
        for line in text.splitlines()
        if line.startswith("BindReadOnlyPaths=")
        for path in line.partition("=")[2].split()
    ]
    shown = {each.removeprefix("/srv/wardkeep/") for each in bound}
    assert shown == {"wardkeep.toml", "data-format", "following/first.toml"}


def test_nothing_that_holds_keys_leaves_them_on_a_disk(project: Path) -> None:
    for path in sorted((project / "deploy").glob("*.service")):
        service = unit(path)["Service"]
        assert (service["LimitCORE"], service["MemorySwapMax"]) == ("0", "0"), path.name


@pytest.mark.parametrize("name", EXPOSURE)
def test_a_unit_stays_as_closed_as_the_manual_says(
    name: str, project: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(project / "deploy" / name)],
        capture_output=True,
        check=False,
        text=True,
    )
    said = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert said, done.stderr
    assert float(said[1]) <= EXPOSURE[name]
    manual = (project / "docs" / "operating.md").read_text()
    assert f"`{name}` {EXPOSURE[name]:.1f}" in manual


def test_every_unit_is_sound_to_systemd(project: Path, tmp_path: Path) -> None:
    for path in sorted((project / "deploy").glob("*.[st]*[er]")):
        text = path.read_text().replace("/opt/wardkeep/current", str(project))
        (tmp_path / path.name).write_text(text)
    units = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, check=False, text=True
    )
    assert [line for line in done.stderr.splitlines() if "wardkeep" in line] == []


def test_the_installer_is_sh_of_any_kind(project: Path) -> None:
    script = project / "deploy" / "install.sh"
    for shell in ("dash", "bash"):
        subprocess.run([shell, "-n", str(script)], check=True)
    told = subprocess.run(["sh", script, "--help"], capture_output=True, check=True, text=True)
    for option in ("--key", "--manifest", "--from", "--prefix", "--data", "rollback", "verify"):
        assert option in told.stdout
