import subprocess
import sys

from tests.stories.site_server import ENVIRONMENT

from wardkeep.adapters import held_key

_CHILD = """
import sys
from wardkeep.adapters import held_key
read = held_key.inherited()
print("held" if read else "none", read().split() if read else "", flush=True)
print(held_key.replace("TWO\\n") if len(sys.argv) > 1 else "")
"""


def child(stdin: int, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, *words],
        stdin=stdin,
        capture_output=True,
        check=True,
        env=ENVIRONMENT,
        text=True,
    )
    return done.stdout


def test_children_have_the_key_from_memory_and_see_a_rotation() -> None:
    held = held_key.hold("ONE\n")
    assert "held ['ONE']" in child(held)
    assert "True" in child(held, "change")
    assert "held ['TWO']" in child(held)


def test_a_process_that_was_given_none_has_none() -> None:
    assert "none" in child(subprocess.DEVNULL)
    assert "False" in child(subprocess.DEVNULL, "change")


def test_the_key_is_no_file_and_no_argument_of_the_child() -> None:
    held = held_key.hold("SECRET\n")
    shows = "print(open('/proc/self/cmdline').read(), open('/proc/self/environ').read())"
    done = subprocess.run(
        [sys.executable, "-c", shows], stdin=held, capture_output=True, check=True, text=True
    )
    assert "SECRET" not in done.stdout
