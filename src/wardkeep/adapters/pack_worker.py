"""Makes wards' packs in processes of their own, which are handed charts and have no key.

Typesetting memory grows with every document, so each ward is made in a child that ends with it.
A worker is a process that has everything loaded and forks such a child before the next job
comes: only the child ever holds a patient, and nobody waits for imports and fonts.
Jobs and packs go over the worker's pipes, each with its length in front (8 bytes, big-endian).
`concurrent.futures.ProcessPoolExecutor(max_tasks_per_child=...)` hung here on Python 3.11.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import IO

import msgspec

from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.html_press import press_html, press_list_html
from wardkeep.adapters.key_ring import forbid_core_dumps
from wardkeep.adapters.typst_press import Typeset, load_fonts, typeset, typeset_list
from wardkeep.adapters.typst_words import translator
from wardkeep.pack.contents import WardData, ward_pack
from wardkeep.pack.kinds import house_pack
from wardkeep.pack.whole_house import HouseData

WORKERS = 2
"""At once: both cores of a small site server, but below intake and screens (nice)."""

_PR_SET_PDEATHSIG = 1  # prctl(2)
_NICE, _NICER = 10, 9
_LENGTH_BYTES = 8
_ENDING_SECONDS = 2.0


class _Job(msgspec.Struct, frozen=True):
    data: bytes
    language: str
    of_house: bool = False


class _Answer(msgspec.Struct, frozen=True):
    pdf: bytes = b""
    pages: int = 0
    sheets: tuple[str, ...] = ()
    fault: str = ""


def build(data: bytes, language: str) -> Typeset:
    """Return the pack of a ward; `data` is a WardData as msgpack. Raises TypesettingError."""
    ward = msgspec.msgpack.decode(data, type=WardData)
    pack = ward_pack(ward, language, translator(language))
    return msgspec.structs.replace(typeset(pack), sheets=tuple(press_html(pack)))


def build_list(data: bytes, language: str) -> Typeset:
    """Return a list of the house; `data` is a HouseData as msgpack. Raises TypesettingError."""
    house = msgspec.msgpack.decode(data, type=HouseData)
    pack = house_pack(house, language, translator(language))
    return msgspec.structs.replace(typeset_list(pack), sheets=tuple(press_list_html(pack)))


class PackWorkers:
    """A few workers; each job waits for a free one."""

    def __init__(self, count: int = WORKERS) -> None:
        self._threads = ThreadPoolExecutor(count, "pack")
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        self._workers = [_Worker() for _ in range(count)]
        for worker in self._workers:
            self._free.put(worker)

    def submit(self, data: bytes, language: str, *, of_house: bool = False) -> Future[Typeset]:
        """Have a pack made; the future raises TypesettingError where it cannot be.

        `data` is a WardData as msgpack, `of_house` a HouseData.
        """
        return self._threads.submit(self._make, _Job(data, language, of_house))

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

    def make(self, job: _Job) -> Typeset:
        process = self._process or self._start()
        try:
            answer = _ask(process, job)
        except (OSError, EOFError) as fault:
            self.end()
            raise TypesettingError("the worker ended while it made a pack") from fault
        if answer.fault:
            raise TypesettingError(answer.fault)
        return Typeset(answer.pdf, answer.pages, answer.sheets)

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
        if job.of_house:
            # Thousands of rows: whoever makes wards at the same time goes before.
            os.nice(_NICER)
        make = build_list if job.of_house else build
        made = make(job.data, job.language)
    except (TypesettingError, msgspec.DecodeError) as fault:
        return _Answer(fault=str(fault))
    return _Answer(made.pdf, made.pages, made.sheets)


def main() -> None:
    """Make packs of what comes on standard input until it ends."""
    _die_with_parent()
    forbid_core_dumps()
    # Whoever started this ends it; a signal to the whole group must not come first.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICE)
    load_fonts()
    gc.freeze()  # what is loaded stays shared with the children
    while True:
        child = os.fork()
        if not child:
            os._exit(_make_one())
        _, status = os.waitpid(child, 0)
        if status:
            # The end of the jobs, or a child that was killed: the other side reads an end.
            return


def _make_one() -> int:
    """Wait for a job and make it, in a child of its own; return the exit status."""
    _die_with_parent()
    try:
        job = msgspec.msgpack.decode(_read(sys.stdin.buffer), type=_Job)
        _write(sys.stdout.buffer, msgspec.msgpack.encode(_answer(job)))
    except (OSError, EOFError, msgspec.DecodeError):
        return 1
    return 0


def _die_with_parent() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


if __name__ == "__main__":
    main()
