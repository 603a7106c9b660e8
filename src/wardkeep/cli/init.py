"""`wardkeep init` makes a hospital folder that `serve` accepts as it is."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

NAME = "init"
SUMMARY = "Make a hospital folder: settings, keys, first account."
EXAMPLE = (
    "wardkeep init /srv/wardkeep --name 'Saint Elisabeth' --mllp-port 2575 --web-port 8443"
)
_PORTS = 65_535


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, its name, its ports and cipher."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="a new or empty folder")
    parser.add_argument("--name", default="Hospital", help="the hospital's name")
    parser.add_argument(
        "--mllp-port",
        type=_port,
        default=2575,
        metavar="P",
        help="where the first feed listens, on loopback (default 2575)",
    )
    parser.add_argument(
        "--web-port",
        type=_port,
        default=8443,
        metavar="W",
        help="where the screens are, on loopback (default 8443)",
    )
    parser.add_argument(
        "--cipher",
        choices=("aegis", "sqlcipher"),
        default="aegis",
        help="of the stores; sqlcipher is AES-256 where a rule demands it (default aegis)",
    )
    parser.add_argument("--json", action="store_true", help="what was made, as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Make the folder, show the recovery words and the first password once."""
    from wardkeep.adapters.clock import now
    from wardkeep.app.errors import SettingsError
    from wardkeep.app.founding import found
    from wardkeep.app.settings_text import default_settings_toml

    if options.mllp_port == options.web_port:
        raise SettingsError(
            f"--mllp-port and --web-port are both {options.web_port}: one port for two",
            advice="Give each its own port.",
        )
    settings = default_settings_toml(options.name, options.mllp_port, options.web_port)
    if options.cipher != "aegis":
        settings = settings.replace("[rules]", f'cipher = "{options.cipher}"\n\n[rules]', 1)
    founded = found(options.folder, settings, options.cipher, now())
    if options.json:
        made = {
            "folder": str(founded.folder),
            "recovery_words": founded.recovery_words,
            "account": founded.account,
            "password": founded.password,
            "mllp_port": options.mllp_port,
            "web_port": options.web_port,
        }
        print(json.dumps(made, indent=2))
        return 0
    words = founded.recovery_words.split()
    print(f"{founded.folder} is ready for `wardkeep serve`.\n")
    print("RECOVERY WORDS. Write them down now, in this order, for the sealed envelope.")
    print("They are shown only once and open every store of this folder:\n")
    for line in range(0, len(words), 6):
        numbered = (f"{n:>2} {w:<10}" for n, w in enumerate(words[line : line + 6], line + 1))
        print("   " + "".join(numbered).rstrip())
    print(f"\nFirst account: {founded.account}   password: {founded.password}")
    print("Change it after the first login. Neither is stored in clear.")
    sys.stdout.flush()
    return 0


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _PORTS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to {_PORTS})")
    return int(text)
