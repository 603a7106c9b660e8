import hashlib
from pathlib import Path

import pytest
from tests.stories.small_release import wheel

from wardkeep.adapters.errors import ProgramFailedError
from wardkeep.adapters.wheel_house import take, told


def test_a_wheel_says_its_name_version_and_licence(tmp_path: Path) -> None:
    wheel(tmp_path)
    (found,) = told(tmp_path)
    assert (found.name, found.version, found.licence) == ("tiny", "1.0", "MIT")


def test_only_wheels_that_the_lock_pins_are_taken(tmp_path: Path) -> None:
    path = wheel(tmp_path / "given")
    (tmp_path / "taken").mkdir()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (tmp_path / "lock").write_text(f"tiny==1.0 \\\n    --hash=sha256:{digest}\n")
    take([tmp_path / "lock"], tmp_path / "given", tmp_path / "taken")
    assert len(told(tmp_path / "taken")) == 1
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ProgramFailedError, match=r"tiny-1\.0-py3-none-any\.whl"):
        take([tmp_path / "lock"], tmp_path / "given", tmp_path / "taken")
