"""The demonstration: every chart is the truth, and nothing is left behind."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.stories.site_server import ENVIRONMENT

from wardkeep.adapters.host import free_port


@pytest.mark.long
def test_the_demonstration_equals_the_truth_says_what_to_look_at_and_cleans_up() -> None:
    asked = ("--seconds", "5", "--web-port", str(free_port()))
    done = subprocess.run(
        [sys.executable, "-m", "wardkeep", "demo", *asked],
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = re.search(r"([\d,]+) charts compared with the truth: (\d+) differ", done.stdout)
    assert told is not None
    assert int(told[1].replace(",", "")) > 6_000
    assert told[2] == "0"
    assert "Log in as lead with" in done.stdout
    assert re.search(r"[\d,]+ of [\d,]+ messages acknowledged", done.stdout)
    assert done.stdout.endswith("The demonstration has ended; its folder is removed.\n")
    left = re.search(r"Verbs work on (\S+)/hospital", done.stdout)
    assert left is not None
    assert not Path(left[1]).exists()
