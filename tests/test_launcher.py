"""The launcher: two commands that work from anywhere and say what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import wardkeep

_TOOLS = ("sh", "dirname", "readlink", "cat", "cksum", "id", "env")


def launch(
    launcher: Path, *words: str, cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [launcher, *words], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


def poor_machine(folder: Path, *extra: str) -> dict[str, str]:
    """An environment whose PATH has the shell's tools and nothing else."""
    folder.mkdir()
    for name in (*_TOOLS, *extra):
        path = shutil.which(name)
        assert path is not None
        (folder / name).symlink_to(path)
    return {"PATH": str(folder)}


def test_works_through_a_link_from_another_folder(project: Path, tmp_path: Path) -> None:
    link = tmp_path / "wk"
    link.symlink_to(project / "wardkeep")
    done = launch(link, "--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"wardkeep {wardkeep.__version__}\n"


def test_files_of_the_current_folder_are_never_run(project: Path, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('ran a stranger')")
    (tmp_path / "wardkeep").mkdir()
    (tmp_path / "wardkeep" / "__main__.py").write_text("raise SystemExit('ran a stranger')")
    done = launch(project / "wardkeep", "--version", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_exit_status_of_a_verb_comes_through(project: Path, tmp_path: Path) -> None:
    done = launch(project / "wardkeep", "check", "nowhere", cwd=tmp_path)
    assert done.returncode == 6
    assert "What to do:" in done.stderr


def test_missing_packages_are_named_where_nothing_can_install_them(
    project: Path, tmp_path: Path
) -> None:
    env = poor_machine(tmp_path / "bin") | {"WARDKEEP_VENV": str(tmp_path / "venv")}
    done = launch(project / "wardkeep", "demo", cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert "system packages are missing: python3" in done.stderr
    assert "What to do: install them" in done.stderr
    assert done.stdout == ""


def test_the_tests_ask_for_a_browser_and_the_demo_does_not(
    project: Path, tmp_path: Path
) -> None:
    env = poor_machine(tmp_path / "bin") | {"WARDKEEP_VENV": str(tmp_path / "venv")}
    assert "chromium" not in launch(project / "wardkeep", "demo", cwd=tmp_path, env=env).stderr
    assert "chromium" in launch(project / "wardkeep", "test", cwd=tmp_path, env=env).stderr


def test_a_library_that_is_there_is_not_asked_for(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "requirements", tmp_path / "requirements")
    shutil.copy(project / "wardkeep", tmp_path)
    (tmp_path / "packages.txt").write_text(
        "test libc6 library:libc.so.6\ntest libnowhere1 library:libnowhere.so.1\n"
    )
    env = poor_machine(tmp_path / "bin") | {"WARDKEEP_VENV": str(tmp_path / "venv")}
    done = launch(tmp_path / "wardkeep", "test", cwd=tmp_path, env=env)
    assert "system packages are missing: libnowhere1\n" in done.stderr


def test_an_environment_that_cannot_be_written_is_a_clear_error(
    project: Path, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file stands where a folder is needed")
    env = dict(os.environ) | {"WARDKEEP_VENV": str(tmp_path / "taken" / "venv")}
    done = launch(project / "wardkeep", "--version", cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert "cannot be written to" in done.stderr
    assert "WARDKEEP_VENV" in done.stderr


def test_every_shell_file_is_posix_and_sound(project: Path) -> None:
    assert subprocess.run(["sh", "-n", project / "wardkeep"], check=False).returncode == 0
    assert "./wardkeep test" in (project / ".ci" / "run").read_text()


def test_the_environment_of_another_checkout_is_not_taken_from_it(
    project: Path, tmp_path: Path
) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    theirs.mkdir()
    shutil.copytree(project / "requirements", mine / "requirements")
    for name in ("wardkeep", "packages.txt"):
        shutil.copy(project / name, mine / name)
    (mine / ".venv").symlink_to(theirs)
    env = {name: value for name, value in os.environ.items() if name != "WARDKEEP_VENV"}
    done = launch(mine / "wardkeep", "--version", cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert "remove the link" in done.stderr
    assert list(theirs.iterdir()) == []
