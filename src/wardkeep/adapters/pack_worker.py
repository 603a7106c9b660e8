"""Makes wards' packs in processes of their own, which are handed charts and have no key.

Typesetting memory grows with every document, so a worker builds a few wards and is replaced.
Jobs and packs go over the worker's pipes, each with its length in front (8 bytes, big-endian).
`concurrent.futures.ProcessPoolExecutor(max_tasks_per_child=...)` hung here on Python 3.11.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import IO

import msgspec

from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.typst_press import Typeset, typeset
from wardkeep.adapters.typst_words import translator
from wardkeep.pack.contents import WardData, ward_pack

WORKERS = 2
"""At once: both cores of a small site server, but below intake and screens (nice)."""

WARDS_A_LIFE = 1
"""Wards a worker builds before it is replaced: two in a life hold 470 MB each, one 280."""

_PR_SET_PDEATHSIG = 1  # prctl(2)
_NICE = 10
_LENGTH_BYTES = 8
_ENDING_SECONDS = 2.0


class _Job(msgspec.Struct, frozen=True):
    data: bytes
    language: str


class _Answer(msgspec.Struct, frozen=True):
    pdf: bytes = b""
    pages: int = 0
    fault: str = ""


def build(data: bytes, language: str) -> Typeset:
    """Return the pack of a ward; `data` is a WardData as msgpack. Raises TypesettingError."""
    ward = msgspec.msgpack.decode(data, type=WardData)
    return typeset(ward_pack(ward, language, translator(language)))


class PackWorkers:
    """A few workers; each job waits for a free one."""

    def __init__(self, count: int = WORKERS) -> None:
        self._threads = ThreadPoolExecutor(count, "pack")
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        self._workers = [_Worker() for _ in range(count)]
        for worker in self._workers:
            self._free.put(worker)

    def submit(self, data: bytes, language: str) -> Future[Typeset]:
        """Have a pack made; the future raises TypesettingError where it cannot be."""
        return self._threads.submit(self._make, _Job(data, language))

    def close(self) -> None:
        """End the workers at once; what they were making fails."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.end()

    def _make(self, job: _Job) -> Typeset:
        worker = self._free.get()
        try:
            return worker.make(job)
        finally:
            self._free.put(worker)


class _Worker:
    """One process at a time, started when a job comes."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0

    def make(self, job: _Job) -> Typeset:
        process = self._process or self._start()
        try:
            answer = _ask(process, job)
        except (OSError, EOFError) as fault:
            self.end()
            raise TypesettingError("the worker ended while it made a pack") from fault
        self._made += 1
        if self._made >= WARDS_A_LIFE:
            # The next one starts while nobody waits: it takes a fifth of a pack's time.
            self.end()
            self._start()
        if answer.fault:
            raise TypesettingError(answer.fault)
        return Typeset(answer.pdf, answer.pages)

    def end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait(_ENDING_SECONDS)

    def _start(self) -> subprocess.Popen[bytes]:
        self._made = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "wardkeep.adapters.pack_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self._process


def _ask(process: subprocess.Popen[bytes], job: _Job) -> _Answer:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    _write(process.stdin, msgspec.msgpack.encode(job))
    return msgspec.msgpack.decode(_read(process.stdout), type=_Answer)


def _write(pipe: IO[bytes], body: bytes) -> None:
    pipe.write(len(body).to_bytes(_LENGTH_BYTES, "big") + body)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    """Return the next body; raises EOFError where the other side ended."""
    length = int.from_bytes(_exactly(pipe, _LENGTH_BYTES), "big")
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    body = pipe.read(length)
    if len(body) < length:
        raise EOFError
    return body


def _answer(job: _Job) -> _Answer:
    try:
        made = build(job.data, job.language)
    except (TypesettingError, msgspec.DecodeError) as fault:
        return _Answer(fault=str(fault))
    return _Answer(made.pdf, made.pages)


def main() -> None:
    """Make packs of what comes on standard input until it ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # Whoever started this ends it; a signal to the whole group must not come first.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICE)
    while True:
        try:
            job = msgspec.msgpack.decode(_read(sys.stdin.buffer), type=_Job)
        except EOFError:
            return
        _write(sys.stdout.buffer, msgspec.msgpack.encode(_answer(job)))


if __name__ == "__main__":
    main()
