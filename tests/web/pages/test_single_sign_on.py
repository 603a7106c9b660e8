from __future__ import annotations

import msgspec
import pytest
from litestar.testing import TestClient
from tests.web.conftest import log_in
from tests.web.handmade import Bench

from wardkeep.access.errors import SingleSignOnError
from wardkeep.adapters.oidc import Asked


class Provider:
    def __init__(self) -> None:
        self.name, self.down = "anna", False
        self.asked: Asked | None = None

    def begin(self, asked: Asked) -> str:
        if self.down:
            raise SingleSignOnError("gone")
        self.asked = asked
        return f"https://idp.example/authorize?state={asked.state}"

    def end(self, code: str, asked: Asked, now: int) -> str:  # noqa: ARG002
        if code != "good" or asked != self.asked:
            raise SingleSignOnError("no")
        return self.name


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.provider = Provider()
    return bench


def returned(client: TestClient, bench: Bench, **changed: str) -> int:
    assert isinstance(bench.provider, Provider)
    client.get("/oidc/start")
    asked = bench.provider.asked
    assert asked is not None
    query = {"state": asked.state, "code": "good", **changed}
    return client.get("/oidc/return", params=query).status_code


def test_an_account_that_the_provider_names_is_logged_in(
    anonymous: TestClient, bench: Bench
) -> None:
    assert returned(anonymous, bench) == 200
    assert anonymous.get("/ward?code=4B").status_code == 200
    assert bench.noted[-1].why == "single sign-on"


def test_no_account_is_made_by_it_and_the_second_factor_stays(
    anonymous: TestClient, bench: Bench
) -> None:
    assert isinstance(bench.provider, Provider)
    bench.provider.name = "stranger"
    before = len(bench.accounts_book.events)
    assert returned(anonymous, bench) == 403
    assert len(bench.accounts_book.events) == before
    bench.provider.name = "lea"
    bench.login_rules = msgspec.structs.replace(
        bench.login_rules, second_factor_roles=("lead",)
    )
    with TestClient(bench.app(), base_url="http://127.0.0.1") as client:
        client.follow_redirects = False
        assert returned(client, bench) == 200
        assert client.get("/").headers["location"] == "/factors"


@pytest.mark.parametrize("changed", [{"state": "guessed"}, {"state": ""}, {"code": "bad"}])
def test_an_answer_to_a_login_that_this_browser_did_not_begin_opens_nothing(
    anonymous: TestClient, bench: Bench, changed: dict[str, str]
) -> None:
    assert returned(anonymous, bench, **changed) == 503
    assert anonymous.get("/").status_code == 303


def test_a_provider_that_is_gone_leaves_the_local_login(
    anonymous: TestClient, bench: Bench
) -> None:
    assert isinstance(bench.provider, Provider)
    bench.provider.down = True
    assert anonymous.get("/oidc/start").status_code == 503
    assert log_in(anonymous, "anna").status_code == 303


def test_a_site_without_a_provider_has_no_such_page(bench: Bench) -> None:
    bench.provider = None
    with TestClient(bench.app(), base_url="http://127.0.0.1") as client:
        for address in ("/oidc/start", "/oidc/return"):
            assert client.get(address).status_code == 404
