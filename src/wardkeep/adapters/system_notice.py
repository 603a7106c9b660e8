"""How systemd is told: lines with a priority for its journal, a line of state for its unit."""

from __future__ import annotations

import os
import socket
import sys


def journal_reads(stream: str) -> bool:
    """Tell whether standard error is the stream that `JOURNAL_STREAM` names (systemd.exec(5)).

    `stream` is "device:inode" as systemd set it, empty elsewhere.
    """
    try:
        own = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return stream == f"{own.st_dev}:{own.st_ino}"


def notify(address: str, state: str) -> bool:
    """Send `state`, such as "STATUS=...", to systemd's socket (sd_notify(3)); False: nobody.

    A leading "@" names an abstract socket.
    """
    name = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.settimeout(0)
        try:
            sender.sendto(state.encode(), name)
        except OSError:
            return False
    return True
