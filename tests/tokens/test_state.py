"""Which token a text is, and what it is worth."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.kernel.times import DAY
from wardkeep.tokens.events import TokenIssued, TokenRevoked, decode, encode
from wardkeep.tokens.state import Standing, digest_of, fold, named_by

NOW = 1_780_000_000_000_000


def issued(number: int, secret: str, expires: int | None = None) -> TokenIssued:
    return TokenIssued(
        number=number,
        feed="emr",
        digest=digest_of(secret),
        note="",
        expires=expires,
        at=NOW,
        by="test",
    )


def test_two_tokens_of_a_feed_hold_at_the_same_time() -> None:
    tokens = fold([issued(1, "old"), issued(2, "new")])
    assert [named_by(tokens, each) for each in ("old", "new")] == list(tokens)
    assert named_by(tokens, "other") is None
    assert named_by(tokens, "\udcff") is None


def test_a_token_ends_to_the_moment_or_when_it_is_taken_back() -> None:
    (token,) = fold([issued(1, "a", NOW + DAY)])
    assert token.standing(NOW + DAY - 1) is Standing.VALID
    assert token.standing(NOW + DAY) is Standing.EXPIRED
    (token,) = fold([issued(1, "a", NOW + DAY), TokenRevoked(number=1, at=NOW, by="test")])
    assert token.standing(NOW) is Standing.REVOKED


def test_taking_back_a_number_that_never_was_changes_nothing() -> None:
    tokens = fold([issued(1, "a")])
    assert fold([TokenRevoked(number=9, at=NOW, by="test")], tokens) == tokens


ENDS = st.none() | st.integers(0, 2**52)
events = st.one_of(
    st.builds(issued, st.integers(1, 9), st.text(max_size=8), ENDS),
    st.builds(TokenRevoked, number=st.integers(1, 9), at=st.just(NOW), by=st.just("x")),
)


@given(st.lists(events, max_size=12))
def test_folding_what_was_written_gives_the_same_tokens(
    written: list[TokenIssued | TokenRevoked],
) -> None:
    assert fold(decode(encode(each)) for each in written) == fold(written)
