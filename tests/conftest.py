"""What every test may lean on: where the project lies, and how hard hypothesis looks."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.stories.site_server import LAUNCHED

PROJECT = Path(__file__).resolve().parents[1]

# numba keeps compiled code by the file of each function and does not see that another, compiled
# into it, has changed: so a folder for each state of the engines. Set before numba is imported.
_ENGINES = sorted((PROJECT / "src" / "wardkeep" / "foresight" / "engines").glob("*.py"))
_STATE = hashlib.sha256(b"".join(path.read_bytes() for path in _ENGINES)).hexdigest()[:16]
os.environ["NUMBA_CACHE_DIR"] = str(PROJECT / "var" / "numba" / _STATE)

# No deadlines: the machine is shared, and a slow second is no fault of the ward's.
_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("dev", deadline=None, suppress_health_check=_QUIET)
settings.register_profile("ci", deadline=None, suppress_health_check=_QUIET, derandomize=True)
# `wardkeep test --long`: every parser and fold with other, and ten times as many, examples.
settings.register_profile(
    "long", deadline=None, suppress_health_check=_QUIET, max_examples=1_000
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Public messages and bundles beside the checkout; tests that read them say how many."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no ../shared beside this checkout")
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Let no server outlive a fixture that failed."""
    del item
    yield from _ending_servers()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Let no server outlive a test that failed."""
    del item
    yield from _ending_servers()


def _ending_servers() -> Generator[None, None, None]:
    """Where something fails, kill the servers it started: they would slow all others down."""
    before = len(LAUNCHED)
    try:
        yield
    except BaseException:
        for process in LAUNCHED[before:]:
            process.kill()
            process.communicate(timeout=60)
        raise
