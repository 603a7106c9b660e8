"""Runs the command line: `python -m wardkeep`, as the launcher does."""

from __future__ import annotations

import sys

from wardkeep.cli.main import main

# Guarded: processes started by multiprocessing's spawn import this module again.
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
