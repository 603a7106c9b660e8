"""Compiles the engines to machine code, and says by name when it cannot.

Compiled code is kept from one process to the next in the first of these places that can be
written to: the folder that NUMBA_CACHE_DIR names, `__pycache__` beside the source (a checkout),
the user's cache folder. An installed release is read-only and its user may have no home: then
nothing is kept, and each process compiles anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def compiled(function: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Return `function` compiled at its first call; it then runs without Python's lock.

    It promises the same numbers as the plain function: no reordering of sums, and a division by
    zero is infinite, as in NumPy. Array bounds are not checked: callers hand sound arrays.
    """
    return _machine_code(function, counting=True)


def compiled_in_place(function: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Return `function` compiled as by `compiled`, for what writes into arrays and makes none.

    Without numba's counting of references, which is an atomic addition for each array of a
    tuple at each call: up to three quarters of an engine's time. What would make an array is
    refused when it is compiled.
    """
    return _machine_code(function, counting=False)


def _machine_code(
    function: Callable[_Given, _Result], *, counting: bool
) -> Callable[_Given, _Result]:
    # numba's types leave _nrt out, so its answer is told by hand.
    made: Callable[_Given, _Result]
    try:
        made = njit(cache=True, nogil=True, error_model="numpy", _nrt=counting)(function)  # type: ignore[call-overload]  # as said
    except RuntimeError:  # numba: "no locator available", nowhere to keep what is compiled
        made = njit(nogil=True, error_model="numpy", _nrt=counting)(function)  # type: ignore[call-overload]  # as said
    return made
