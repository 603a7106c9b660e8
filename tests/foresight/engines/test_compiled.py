import os
import subprocess
import sys
from pathlib import Path

import pytest

from wardkeep.foresight.engines.compiled import compiled

_STUDY = """
import sys, warnings
warnings.simplefilter("ignore", RuntimeWarning)  # plain words of 64 bits say when they overflow
from tests.foresight.engines.small_studies import told
sys.stdout.write(told())
"""


def run(
    project: Path, program: str, argument: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    env = dict(os.environ) | {"PYTHONPATH": f"{project / 'src'}:{project}"} | more
    words = [sys.executable, "-c", program, argument]
    return subprocess.run(words, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("package", ["numba", "numpy"])
def test_without_its_packages_foresight_says_so_and_what_to_do(
    project: Path, package: str
) -> None:
    program = """
import sys
sys.modules[sys.argv[1]] = None
from wardkeep.kernel.errors import WardkeepError
try:
    import wardkeep.foresight.engines.percolation
except WardkeepError as error:
    print(error.code, error.exit_status, error.diagnostics())
"""
    done = run(project, program, argument=package)
    assert done.stdout.startswith("foresight-missing 1 foresight computes with numba"), done
    assert "requirements/foresight.txt" in done.stdout


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same() -> None:
    space: dict[str, object] = {}
    exec("def twice(number):\n    return 2 * number\n", space)
    assert compiled(space["twice"])(21) == 42  # type: ignore[arg-type]


def test_machine_code_and_plain_functions_give_the_same_numbers(project: Path) -> None:
    plain = run(project, _STUDY, NUMBA_DISABLE_JIT="1")
    assert plain.returncode == 0, plain.stderr
    fast = run(project, _STUDY)
    assert plain.stdout == fast.stdout
    assert len(fast.stdout) > 100


def test_what_is_compiled_is_kept_in_the_folder_that_is_named(
    project: Path, tmp_path: Path
) -> None:
    program = """
import numpy as np
from wardkeep.foresight.engines.chance import mixed
mixed(np.uint64(1))
"""
    done = run(project, program, NUMBA_CACHE_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert [path for path in tmp_path.rglob("*.nbc") if "mixed" in path.name]
