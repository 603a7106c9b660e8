"""Runs the command line: `python -m wardkeep`, as the launcher does."""

from __future__ import annotations

import io
import sys

from wardkeep.cli.main import main

# Guarded: processes started by multiprocessing's spawn import this module again.
if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without a letter of a name gets its code, not an error.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
