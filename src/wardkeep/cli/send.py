"""`wardkeep send` delivers HL7 files over MLLP and waits for every acknowledgement."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.adapters.mllp_delivery import Outcome

NAME = "send"
SUMMARY = "Send HL7 files over MLLP and wait for each acknowledgement."
EXAMPLE = "wardkeep send yesterday.hl7 --to 127.0.0.1:2575 --rate 50"
PROGRESS_EVERY = 1_000
_LAST_PORT = 65_535


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare files, receiver, connections and rate."""
    parser.add_argument(
        "files",
        metavar="FILE",
        type=Path,
        nargs="+",
        help="HL7 v2 messages or batches, any line ends, or a captured MLLP stream",
    )
    parser.add_argument(
        "--to", metavar="HOST:PORT", required=True, type=_address, help="the receiver"
    )
    parser.add_argument(
        "--connections",
        metavar="N",
        type=_count,
        default=1,
        help="connections at a time; a file keeps its order on one of them (default 1)",
    )
    parser.add_argument(
        "--rate", metavar="R", type=_rate, default=0.0, help="messages a second over all"
    )
    parser.add_argument("--tls", action="store_true", help="speak TLS to the receiver")
    parser.add_argument("--tls-ca", metavar="PEM", help="whose certificates to trust")
    parser.add_argument("--tls-certificate", metavar="PEM", help="the sender's own certificate")
    parser.add_argument("--tls-key", metavar="PEM", help="its key")
    parser.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Send; 0 when every message was acknowledged, 1 when one was not, 5 without receiver."""
    import asyncio

    from wardkeep.adapters.mllp_delivery import Delivery
    from wardkeep.adapters.mllp_tls import client_context

    files = [(str(path), _messages(path)) for path in options.files]
    secure = options.tls or options.tls_ca or options.tls_certificate
    tls = (
        client_context(options.tls_ca, options.tls_certificate, options.tls_key)
        if secure
        else None
    )
    progress = _Progress(sum(len(messages) for _, messages in files))
    delivery = Delivery(files, options.to, rate=options.rate, tls=tls, told=progress.told)
    outcome = asyncio.run(delivery.run(options.connections))
    _report(outcome, as_json=options.json)
    return 0 if outcome.complete else 1


def _messages(path: Path) -> list[bytes]:
    from wardkeep.adapters.errors import NothingToSendError
    from wardkeep.wire.hl7v2.outgoing import bodies_of

    if path.is_dir():
        raise NothingToSendError(
            f"{path}: is a folder", advice=f"Name the files in it: {path}/*.hl7"
        )
    messages = bodies_of(path.read_bytes())
    if not messages:
        raise NothingToSendError(f"{path}: no MSH, FHS or BHS segment in it")
    return messages


def _report(outcome: Outcome, *, as_json: bool) -> None:
    import msgspec

    for problem in outcome.problems:
        print(problem, file=sys.stderr)
    if as_json:
        print(json.dumps({"ok": outcome.complete, **msgspec.to_builtins(outcome)}, indent=2))
        return
    print(
        f"{outcome.messages} messages, {outcome.acknowledged} acknowledged,"
        f" {outcome.unasked} asked for no answer, {outcome.refused} refused,"
        f" {outcome.unsent} not sent; {outcome.seconds:.2f} s;"
        f" answer p50 {outcome.ack_p50_ms:.2f} ms, p99 {outcome.ack_p99_ms:.2f} ms"
    )


class _Progress:
    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0

    def told(self) -> None:
        self._done += 1
        if self._done % PROGRESS_EVERY == 0:
            print(f"{self._done} of {self._total} messages sent", file=sys.stderr)


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    if not (port.isascii() and port.isdigit()) or not 0 < int(port) <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{port!r} is not a port (1 to {_LAST_PORT})")
    return host.strip("[]"), int(port)


def _count(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of connections")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not rate > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of messages a second")
    return rate
