"""Makes a ward's pack in a process of its own: it is handed charts and has no key and no file.

Typesetting memory grows with every document, so a worker builds a few wards and is replaced.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor

import msgspec

from wardkeep.adapters.typst_press import Typeset, typeset
from wardkeep.adapters.typst_words import translator
from wardkeep.pack.contents import WardData, ward_pack

WORKERS = 2
"""At once: both cores of a small site server, yet below what intake and screens need (nice)."""

WARDS_A_LIFE = 2
"""Wards a worker builds before it is replaced (docs/benchmarks.md: memory against start time)."""

_PR_SET_PDEATHSIG = 1  # prctl(2)
_NICE = 10
_decoder = msgspec.msgpack.Decoder(WardData)


def make_workers(count: int = WORKERS) -> ProcessPoolExecutor:
    """Return a pool whose processes share nothing with this one and end with it."""
    return ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("spawn"),
        max_tasks_per_child=WARDS_A_LIFE,
        initializer=_begin,
    )


def build(data: bytes, language: str) -> Typeset:
    """Return the pack of a ward; `data` is a WardData as msgpack. Raises TypesettingError."""
    return typeset(ward_pack(_decoder.decode(data), language, translator(language)))


def _begin() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # The pool's owner ends its workers; a signal to the whole group must not end them first.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICE)
