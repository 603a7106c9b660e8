from __future__ import annotations

import os
import socket
import sys

import pytest

from wardkeep.adapters.system_notice import journal_reads, notify


def test_the_journal_reads_only_the_stream_that_systemd_named(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with capfd.disabled():
        own = os.fstat(sys.stderr.fileno())
        assert journal_reads(f"{own.st_dev}:{own.st_ino}")
        assert not journal_reads("1:2")
        assert not journal_reads("")


def test_an_abstract_socket_is_told_and_nobody_is_no_error() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0wardkeep-test-notify")
        assert notify("@wardkeep-test-notify", "STATUS=OK")
        assert manager.recv(100) == b"STATUS=OK"
    assert not notify("@wardkeep-test-notify", "STATUS=OK")
