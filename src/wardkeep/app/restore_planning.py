"""What a restore plan is made of: the map, a file of what is lost, and a site's own numbers."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from wardkeep.foresight.restoring.errors import LostFileError, PlanNumbersError
from wardkeep.foresight.restoring.lost import LONGEST_FILE, lost_servers
from wardkeep.foresight.restoring.numbers import PlanNumbers
from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.whole import HospitalMap


def read_lost(whole: HospitalMap, path: Path) -> tuple[str, ...]:
    """Return the ids of the servers that a file names as lost.

    Raises LostFileError and NotOnTheMapError, both with file and lines.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(LONGEST_FILE + 1)
        text = content.decode("utf-8")
    except OSError as fault:
        raise LostFileError(f"{path} cannot be read: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise LostFileError(
            f"{path} is not UTF-8 (byte {fault.start})", advice="Save it as UTF-8."
        ) from fault
    if len(content) > LONGEST_FILE:
        raise LostFileError(f"{path} has more than {LONGEST_FILE:,} bytes")
    try:
        return lost_servers(whole, text)
    except (LostFileError, NotOnTheMapError) as fault:
        raise type(fault)(f"{path}: {fault}", advice=fault.advice) from fault


def read_numbers(path: Path) -> PlanNumbers:
    """Return the numbers of a TOML file, the others as usual; raises PlanNumbersError."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), PlanNumbers)
    except (OSError, UnicodeDecodeError) as fault:
        raise PlanNumbersError(f"{path} cannot be read: {fault}") from fault
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, PlanNumbersError) as fault:
        raise PlanNumbersError(f"{path}: {fault}") from fault
