"""Tokens are given to FHIR feeds, end when they should, and are taken back once."""

from __future__ import annotations

import pytest

from wardkeep.kernel.times import DAY
from wardkeep.tokens.decide import Wanted, issue, revoke, secret_of
from wardkeep.tokens.errors import NoFhirFeedError, TokenExpiryError, TokenUnknownError
from wardkeep.tokens.state import Tokens, digest_of, fold

FEEDS = ("emr", "pharmacy")
NOW = 1_780_000_000_000_000


def issued(tokens: Tokens, secret: str, feed: str = "emr", days: int | None = None) -> Tokens:
    return fold(issue(tokens, FEEDS, Wanted(feed, "", days), secret, NOW, "test"), tokens)


def test_each_token_has_the_next_number_also_behind_one_that_was_taken_back() -> None:
    tokens = issued((), "a")
    tokens = fold(revoke(tokens, 1, NOW, "test"), tokens)
    assert [each.number for each in issued(tokens, "b")] == [1, 2]


def test_of_a_token_only_its_digest_is_written() -> None:
    (event,) = issue((), FEEDS, Wanted("emr", "engine", 1), "wk_secret", NOW, "test")
    assert event.digest == digest_of("wk_secret")
    assert "wk_secret" not in repr(event)
    assert event.expires == NOW + DAY


def test_only_a_feed_of_kind_fhir_is_given_a_token() -> None:
    with pytest.raises(NoFhirFeedError, match="'adt'"):
        issue((), FEEDS, Wanted("adt"), "a", NOW, "test")


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_a_token_that_could_not_live_is_refused(days: int) -> None:
    with pytest.raises(TokenExpiryError):
        issue((), FEEDS, Wanted("emr", "", days), "a", NOW, "test")


def test_taking_back_twice_writes_once_and_an_unknown_number_is_an_error() -> None:
    tokens = issued((), "a")
    tokens = fold(revoke(tokens, 1, NOW, "test"), tokens)
    assert revoke(tokens, 1, NOW, "test") == []
    with pytest.raises(TokenUnknownError):
        revoke(tokens, 2, NOW, "test")


def test_a_tokens_text_begins_as_scanners_for_lost_secrets_want_it() -> None:
    assert secret_of("abc") == "wk_abc"
