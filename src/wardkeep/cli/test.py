"""`wardkeep test`: everything that must hold, in one command, here and in CI."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

NAME = "test"
SUMMARY = "Check style, types, floors and all tests of this checkout."
EXAMPLE = "wardkeep test --long"

_PROJECT = Path(__file__).resolve().parents[3]
# What the tests need of the system; the launcher installs the packages (packages.txt).
_SYSTEM_TOOLS = {
    "chromium": "chromium",
    "pdftotext": "poppler-utils",
    "zbarimg": "zbar-tools",
    "minisign": "minisign",
    "systemd-analyze": "systemd",
    "dig": "bind9-dnsutils",
    "ip": "iproute2",
}
# HOUSE: 95 % or more of the pure floors, lines and branches.
_PURE_COVERAGE = 95
_PURE = (
    *("kernel", "hospital", "wire", "ledger", "chart", "paper"),
    *("pack", "access", "sample", "alarm", "bedside", "copies", "custody", "foresight"),
    *("sender", "tokens"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --long, --only and what goes to pytest."""
    parser.add_argument("--long", action="store_true", help="the long runs too")
    parser.add_argument(
        "--only", choices=["gates", "pytest"], help="half of it, while working on something"
    )
    parser.add_argument("pytest", nargs="*", help="files or, after --, options for pytest")


def run(options: argparse.Namespace) -> int:
    """Run every gate to its end; 0 only when all passed. The summary of pytest stands last."""
    failed = _missing_tools()
    if options.only != "pytest":
        failed += [name for name, words in _gates().items() if not _passes(name, words)]
    summary = ""
    if options.only != "gates":
        failures, summary = _tests(options)
        failed += failures
    if failed:
        print(f"wardkeep test: failed: {', '.join(failed)}", file=sys.stderr, flush=True)
    print(summary or ("failed" if failed else "passed"))
    return 1 if failed else 0


def _gates() -> dict[str, list[str]]:
    python = [sys.executable, "-m"]
    return {
        "ruff check": [*python, "ruff", "check", "--quiet"],
        "ruff format": [*python, "ruff", "format", "--check", "--quiet"],
        "mypy": [*python, "mypy", "--no-error-summary"],
        # import-linter has no `-m` entry; its console script lies beside the interpreter.
        "lint-imports": [str(Path(sys.executable).with_name("lint-imports"))],
    }


def _missing_tools() -> list[str]:
    """Say which system tools are not there; a test that needs one must never be skipped."""
    missing = [tool for tool in _SYSTEM_TOOLS if shutil.which(tool) is None]
    for tool in missing:
        _tell(f"{tool} is missing (package {_SYSTEM_TOOLS[tool]})")
    return missing


def _tests(options: argparse.Namespace) -> tuple[list[str], str]:
    """Run pytest under coverage, then the coverage gate.

    Returns the names of what failed and pytest's summary line.
    """
    (_PROJECT / "var" / "coverage").mkdir(parents=True, exist_ok=True)
    _passes("coverage erase", _coverage("erase"))
    marks = ["--hypothesis-profile=long"] if options.long else ["-m", "not long"]
    status, summary = _watched(_coverage("run", "-m", "pytest", *marks, *options.pytest))
    failed = ["pytest"] if status else []
    # A few chosen files cannot reach the bar and are not asked to.
    if not options.pytest and not _pure_floors_are_covered():
        failed.append("coverage")
    return failed, summary


def _watched(words: list[str]) -> tuple[int, str]:
    """Run pytest, showing its lines as they come; return its status and its last line."""
    _tell("pytest")
    last = ""
    with subprocess.Popen(words, cwd=_PROJECT, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            last = line.strip() or last
    return running.returncode, last


def _pure_floors_are_covered() -> bool:
    _passes("coverage combine", _coverage("combine", "--quiet"))
    include = ",".join(f"src/wardkeep/{floor}/*" for floor in _PURE)
    bar = f"--fail-under={_PURE_COVERAGE}"
    return _passes(
        "coverage of the pure floors", _coverage("report", f"--include={include}", bar)
    )


def _coverage(*words: str) -> list[str]:
    return [sys.executable, "-m", "coverage", *words]


def _passes(name: str, words: list[str]) -> bool:
    """Run one gate; its words are shown when it fails."""
    _tell(name)
    done = subprocess.run(
        words,
        cwd=_PROJECT,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr, flush=True)
    return done.returncode == 0


def _tell(text: str) -> None:
    print(f"wardkeep test: {text}", file=sys.stderr, flush=True)
