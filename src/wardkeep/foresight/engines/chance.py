"""Chance without state: every number is hashed from (seed, replica, what it is drawn for).

Two runs that differ by one measure draw the same number for the same thing, so their replicas
are compared in pairs; and no replica depends on which others were computed before it.

The hash is the finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
generators, OOPSLA 2014; Stafford's variant 13 of the multipliers). A draw with a probability
and a delay uses one number for both: a lower probability or a longer delay never makes anything
happen earlier in the same replica.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.compiled import compiled_in_place

CONSTANT: Final = 0.0
EXPONENTIAL: Final = 1.0
LOGNORMAL: Final = 2.0

Laws = NDArray[np.float64]
"""One law of a delay a row: shape (CONSTANT, EXPONENTIAL, LOGNORMAL), scale in hours (the
constant, the mean, the median), spread (standard deviation of the logarithm; LOGNORMAL only),
and the probability that it happens at all."""
SHAPE, SCALE, SPREAD, SUCCESS = range(4)

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
# Odd multipliers of good spectrum, for what is hashed beside the first (Steele, Vigna:
# Computationally easy, spectrally good multipliers for congruential generators, 2022).
_SECOND = np.uint64(0xD1342543DE82EF95)
_THIRD = np.uint64(0xAF251AF3B0F025B5)
_FINEST = 2.0**-52
# Sums of some thousand terms are as sure as this.
_SURE_SUM = 1e-11
# Where AS 241 changes its polynomials.
_INNER_HALF, _OUTER_END = 0.425, 5.0


@compiled_in_place
def mixed(word: np.uint64) -> np.uint64:
    """Return the 64 bits of `word` mixed so that each hangs on all (SplitMix64's finaliser)."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@compiled_in_place
def replica_key(seed: int, replica: int) -> np.uint64:
    """Return what all draws of one replica start from; both numbers are at least 0.

    Uncompiled callers wrap it in np.uint64: numba hands words to them as plain numbers.
    """
    start = mixed(np.uint64(seed) + _GOLDEN)
    return mixed(start ^ (np.uint64(replica) * _GOLDEN))


@compiled_in_place
def uniform(key: np.uint64, who: np.uint64, whom: np.uint64, what: int) -> float:
    """Return a number within 0 and 1, both excluded, for (who, whom, what) in a replica."""
    return uniform_at(key, place_of(who, whom, what))


@compiled_in_place
def place_of(who: np.uint64, whom: np.uint64, what: int) -> np.uint64:
    """Return the word that stands for (who, whom, what) in every replica."""
    return mixed(who * _GOLDEN + whom * _SECOND + np.uint64(what) * _THIRD)


@compiled_in_place
def uniform_at(key: np.uint64, place: np.uint64) -> float:
    """Return the number of `uniform` for a word of `place_of`."""
    # 52 bits and a half: with 53 the largest would round to 1, whose delay is infinite.
    return (float(mixed(key ^ place) >> np.uint64(12)) + 0.5) * _FINEST


@compiled_in_place
def least_of(chance: float, count: int) -> float:
    """Return the least of `count` independent numbers, drawn by one.

    The first order statistic, so that the first of so many delays of one law, each of which
    may never end, is the delay of this number.
    """
    return -math.expm1(math.log1p(-chance) / count)


@compiled_in_place
def exponential(chance: float) -> float:
    """Return the exponential delay of mean 1 for a uniform number; it rises with the number."""
    return -math.log(1.0 - chance)


@compiled_in_place
def delay(laws: Laws, law: int, chance: float) -> float:
    """Return the hours that law number `law` gives for a uniform number; inf: never happens."""
    success = float(laws[law, SUCCESS])
    if chance >= success:
        return math.inf
    shape, scale = laws[law, SHAPE], float(laws[law, SCALE])
    if shape == CONSTANT:
        return scale
    if shape == EXPONENTIAL:
        return scale * exponential(chance / success)
    return scale * math.exp(float(laws[law, SPREAD]) * normal(chance / success))


@compiled_in_place
def binomial(count: int, share: float, chance: float) -> int:
    """Return the quantile of how many of `count` happen, each with the probability `share`.

    It rises with all three. Terms are told in parts of the likeliest one's, from which they go
    to both sides: some standard deviations of steps.
    """
    if count <= 0 or share <= 0.0:
        return 0
    if share >= 1.0:
        return count
    found = min(int((count + 1) * share), count)
    odds = share / (1.0 - share)
    term, below = 1.0, 1.0 + _terms(found, count, 1.0 / odds)
    whole = below + _terms(count - found, count, odds)
    # Nearer to 0 or 1 the sums are no longer surer than the chance itself.
    wanted = min(max(chance, _SURE_SUM), 1.0 - _SURE_SUM) * whole
    while found > 0 and wanted <= below - term:
        below -= term
        term *= found / ((count - found + 1) * odds)
        found -= 1
    while found < count and wanted > below:
        term *= (count - found) * odds / (found + 1)
        found += 1
        below += term
    return found


@compiled_in_place
def _terms(left: int, count: int, odds: float) -> float:
    """Return the terms of a binomial law on one side of that with `left` to go, which is 1."""
    total, term = 0.0, 1.0
    while left > 0 and term > total * _FINEST:
        term *= left * odds / (count - left + 1)
        total += term
        left -= 1
    return total


@compiled_in_place
def normal(chance: float) -> float:
    """Return the quantile of the normal distribution (Wichura: AS 241, 1988, PPND16)."""
    middle = chance - 0.5
    if abs(middle) <= _INNER_HALF:
        square = 0.180625 - middle * middle
        return middle * _ratio(square, _INNER, _INNER_BELOW)
    tail = math.sqrt(-math.log(min(chance, 1.0 - chance)))
    if tail <= _OUTER_END:
        away = _ratio(tail - 1.6, _OUTER, _OUTER_BELOW)
    else:
        away = _ratio(tail - _OUTER_END, _FAR, _FAR_BELOW)
    return away if middle > 0.0 else -away


@compiled_in_place
def _ratio(at: float, above: tuple[float, ...], below: tuple[float, ...]) -> float:
    numerator = denominator = 0.0
    for place in range(8):
        numerator = numerator * at + above[place]
        denominator = denominator * at + below[place]
    return numerator / denominator


# AS 241's coefficients, highest power first.
_INNER = (
    *(2509.0809287301226727, 33430.575583588128105, 67265.770927008700853),
    *(45921.953931549871457, 13731.693765509461125, 1971.5909503065514427),
    *(133.14166789178437745, 3.387132872796366608),
)
_INNER_BELOW = (
    *(5226.495278852854561, 28729.085735721942674, 39307.89580009271061),
    *(21213.794301586595867, 5394.1960214247511077, 687.1870074920579083),
    *(42.313330701600911252, 1.0),
)
_OUTER = (
    *(7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177),
    *(1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055),
    *(4.6303378461565452959, 1.42343711074968357734),
)
_OUTER_BELOW = (
    *(1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966),
    *(0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494),
    *(2.05319162663775882187, 1.0),
)
_FAR = (
    *(2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386),
    *(0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358),
    *(5.4637849111641143699, 6.6579046435011037772),
)
_FAR_BELOW = (
    *(2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5),
    *(7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531),
    *(0.59983220655588793769, 1.0),
)
