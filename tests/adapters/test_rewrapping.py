from pathlib import Path

import pyrage
import pytest

from wardkeep.adapters.key_ring import make_key_ring, recovery_recipient
from wardkeep.adapters.rewrapping import left_behind, rewrap, wrapped_files


def nothing_told(_done: int, _total: int) -> None:
    return


def test_files_that_come_and_go_meanwhile_are_wrapped_or_let_go(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "clinical").mkdir()
    ring, _ = make_key_ring(tmp_path / "keys")
    old = pyrage.x25519.Identity.from_str(
        (tmp_path / "keys" / "server.key").read_text().strip()
    )
    for name in ("a", "b"):
        ring.make_key(tmp_path / "clinical" / f"{name}.key")
    new = pyrage.x25519.Identity.generate()

    def meanwhile(done: int, _total: int) -> None:
        if done == 0:
            (tmp_path / "clinical" / "a.key").unlink()
            ring.make_key(tmp_path / "clinical" / "c.key")

    done = rewrap(tmp_path, [new, old], recovery_recipient(tmp_path / "keys"), meanwhile)
    assert done.closed == ()
    assert left_behind(tmp_path, new) == []
    assert {path.stem for path in wrapped_files(tmp_path)} == {"signing", "b", "c"}


def test_the_servers_own_key_and_unfinished_files_are_not_wrapped(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    make_key_ring(tmp_path / "keys")
    (tmp_path / "chart").mkdir()
    (tmp_path / "chart" / ".chart.key.unfinished").write_bytes(b"half")
    assert [path.name for path in wrapped_files(tmp_path)] == ["signing.key"]
    with pytest.raises(IndexError):
        rewrap(tmp_path, [], recovery_recipient(tmp_path / "keys"), nothing_told)
