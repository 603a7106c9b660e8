import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.foresight.engines.chance import (
    CONSTANT,
    EXPONENTIAL,
    LOGNORMAL,
    binomial,
    delay,
    exponential,
    least_of,
    mixed,
    normal,
    replica_key,
    uniform,
)

GOLDEN = 0x9E3779B97F4A7C15
WORDS = st.integers(0, 2**64 - 1)
CHANCES = st.floats(0, 1, exclude_min=True, exclude_max=True)


def word(number: int) -> np.uint64:
    return np.uint64(number % 2**64)


def key_of(seed: int, replica: int) -> np.uint64:
    return np.uint64(replica_key(seed, replica))


def draws(count: int, what: int = 0) -> np.ndarray:
    key = key_of(7, 0)
    return np.array([uniform(key, word(n), word(0), what) for n in range(count)])


def test_the_hash_is_the_one_that_was_published() -> None:
    # The first numbers of SplitMix64 from the seed 1234567, as its reference code gives them.
    told = [
        *(6457827717110365317, 3203168211198807973, 9817491932198370423),
        *(4593380528125082431, 16408922859458223821),
    ]
    assert [int(mixed(word(1234567 + n * GOLDEN))) for n in range(1, 6)] == told


@given(WORDS, WORDS, st.integers(0, 100), st.integers(0, 2**31))
def test_a_number_lies_within_nothing_and_certainty(
    who: int, whom: int, what: int, seed: int
) -> None:
    assert 0 < uniform(key_of(seed, 0), word(who), word(whom), what) < 1


def test_numbers_are_even_and_know_nothing_of_their_neighbours() -> None:
    drawn = draws(100_000)
    counts = np.histogram(drawn, 100, (0, 1))[0]
    chi_square = float(((counts - 1000) ** 2 / 1000).sum())
    assert abs(chi_square - 99) < 4 * math.sqrt(2 * 99)
    for other in (np.roll(drawn, 1), draws(100_000, 1)):
        assert abs(np.corrcoef(drawn, other)[0, 1]) < 4 / math.sqrt(100_000)


def test_replicas_know_nothing_of_each_other() -> None:
    keys = [key_of(3, n) for n in range(20_000)]
    drawn = np.array([uniform(key, word(5), word(6), 0) for key in keys])
    assert abs(drawn.mean() - 0.5) < 4 / math.sqrt(12 * 20_000)
    assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 4 / math.sqrt(20_000)
    assert len({int(key) for key in keys}) == 20_000


def test_who_infects_whom_is_not_whom_infects_who() -> None:
    key = key_of(1, 1)
    assert uniform(key, word(1), word(2), 0) != uniform(key, word(2), word(1), 0)


@given(CHANCES)
def test_the_normal_quantile_is_that_of_the_standard_library(chance: float) -> None:
    expected = NormalDist().inv_cdf(chance)
    assert normal(chance) == pytest.approx(expected, rel=1e-13, abs=1e-15)


def test_each_law_has_its_mean_or_median() -> None:
    drawn = draws(40_000)
    assert exponential(0.5) == pytest.approx(math.log(2))
    waits = np.array([exponential(each) for each in drawn])
    assert abs(waits.mean() - 1) < 4 / math.sqrt(40_000)
    laws = np.array(
        [[CONSTANT, 3, 0, 1], [EXPONENTIAL, 2, 0, 1], [LOGNORMAL, 5, 0.7, 1]], np.float64
    )
    assert delay(laws, 0, 0.3) == 3
    assert delay(laws, 1, 0.5) == pytest.approx(2 * math.log(2))
    assert delay(laws, 2, 0.5) == pytest.approx(5)
    assert delay(laws, 2, NormalDist().cdf(1)) == pytest.approx(5 * math.exp(0.7))


def test_what_succeeds_in_three_of_ten_never_comes_in_seven() -> None:
    laws = np.array([[EXPONENTIAL, 2, 0, 0.3], [CONSTANT, 1, 0, 0]], np.float64)
    came = np.array([delay(laws, 0, each) for each in draws(40_000)])
    share = np.isfinite(came).mean()
    assert abs(share - 0.3) < 4 * math.sqrt(0.21 / 40_000)
    assert abs(came[np.isfinite(came)].mean() - 2) < 4 * 2 / math.sqrt(12_000)
    assert delay(laws, 1, 1e-9) == math.inf


LAW = st.tuples(
    st.sampled_from([CONSTANT, EXPONENTIAL, LOGNORMAL]),
    st.floats(0, 100),
    st.floats(0, 3),
    st.floats(0, 1),
)


@given(CHANCES, LAW, st.floats(0, 1), st.floats(1, 10))
def test_a_measure_never_makes_the_same_draw_come_earlier(
    chance: float, law: tuple[float, float, float, float], fewer: float, slower: float
) -> None:
    shape, scale, spread, success = law
    laws = np.array([law, (shape, scale * slower, spread, success * fewer)])
    assert delay(laws, 0, chance) <= delay(laws, 1, chance)


@given(CHANCES, st.integers(1, 100_000))
def test_the_least_of_one_is_the_number_itself_and_of_more_never_greater(
    chance: float, count: int
) -> None:
    assert least_of(chance, 1) == pytest.approx(chance, rel=1e-9, abs=1e-300)
    assert 0 <= least_of(chance, count + 1) <= least_of(chance, count) <= 1


def test_the_first_of_seven_delays_is_drawn_as_the_least_of_seven() -> None:
    laws = np.array([[LOGNORMAL, 4.0, 1.1, 0.3]])
    chances = draws(28_000)
    explicit = np.array([delay(laws, 0, float(each)) for each in chances]).reshape(-1, 7).min(1)
    lumped = np.array([delay(laws, 0, least_of(float(each), 7)) for each in draws(4_000, 1)])
    for hour in (1.0, 4.0, 12.0, math.inf):
        one, other = (explicit <= hour).mean(), (lumped <= hour).mean()
        if hour == math.inf:
            one, other = np.isfinite(explicit).mean(), np.isfinite(lumped).mean()
        error = math.sqrt((one * (1 - one) + other * (1 - other)) / 4_000)
        assert abs(one - other) < 4 * error


@given(st.integers(0, 400), st.floats(0, 1), CHANCES)
def test_how_many_of_so_many_happen_is_the_quantile_of_their_number(
    count: int, share: float, chance: float
) -> None:
    exact = [
        math.comb(count, each) * share**each * (1 - share) ** (count - each)
        for each in range(count + 1)
    ]
    found = binomial(count, share, chance)
    assert sum(exact[:found]) <= chance + 1e-9
    assert sum(exact[: found + 1]) >= chance - 1e-9


@given(st.integers(0, 500_000), st.floats(0, 1), st.floats(0, 1), CHANCES)
def test_more_likely_things_never_happen_less_often(
    count: int, one: float, other: float, chance: float
) -> None:
    low, high = sorted((one, other))
    few, many = binomial(count, low, chance), binomial(count, high, chance)
    assert 0 <= few <= many <= count or high - low < 1e-9
