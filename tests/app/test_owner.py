import os
import pwd
from pathlib import Path

import pytest
from tests.stories.site_server import wardkeep

from wardkeep.app.errors import AsRootError
from wardkeep.app.owner import refuse_root, typed_by_root

WORDS = ["recover-key", "/srv/the ward"]
NOBODYS = 54_321


@pytest.fixture
def anothers(tmp_path: Path) -> Path:
    if os.geteuid():
        pytest.xfail("only root gives a folder to another user")
    os.chown(tmp_path, pwd.getpwnam("nobody").pw_uid, -1)
    return tmp_path


def test_root_is_told_the_line_that_leaves_the_folder_its_owners(anothers: Path) -> None:
    with pytest.raises(AsRootError) as refused:
        refuse_root(anothers, WORDS)
    line = "runuser -u nobody -- wardkeep recover-key '/srv/the ward'"
    assert line in refused.value.diagnostics()
    os.chown(anothers, NOBODYS, NOBODYS)
    assert typed_by_root(anothers, WORDS).startswith("setpriv --reuid=54321 --regid=54321 ")


def test_an_owner_goes_on_and_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    refuse_root(tmp_path, WORDS)
    refuse_root(tmp_path / "none", WORDS)


def test_neither_recovery_nor_restore_leaves_a_file_of_root_with_the_server(
    anothers: Path,
) -> None:
    folder = anothers / "site"
    wardkeep("init", folder)
    os.chown(folder, NOBODYS, NOBODYS)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    wardkeep("recover-key", folder, status=1)
    wardkeep("restore", folder, "--from", anothers / "none", status=1)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
