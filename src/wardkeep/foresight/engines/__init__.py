"""The engines: what an attack does, drawn thousands of times over arrays.

Pure functions over NumPy arrays, compiled by numba: both are the optional extra `foresight`, so
importing this package raises ForesightMissingError where they are not installed. A replica is a
function of its arrays, a seed and its number: ranges of replicas may be computed anywhere, in
any order, and put together.
"""

from wardkeep.foresight.errors import ForesightMissingError

try:
    import numba as _numba
    import numpy as np
except ImportError as missing:
    raise ForesightMissingError(
        f"foresight computes with numba and NumPy, and they are not there: {missing}."
    ) from missing
del _numba, np
