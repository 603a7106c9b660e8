from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from litestar.testing import TestClient
from tests.web.conftest import log_in
from tests.web.handmade import Bench
from typing_extensions import override

from wardkeep.access.errors import SingleSignOnError
from wardkeep.access.events import TotpEnrolled
from wardkeep.adapters.oidc import Asked
from wardkeep.hospital.login import SingleSignOn

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


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
    bench.sign_on_rules = SingleSignOn(issuer="https://login.hospital.example", client_id="w")
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
    # Whoever rules the directory does not become who runs the site, unless the site says so.
    assert returned(anonymous, bench) == 403
    assert bench.sign_on_rules is not None
    bench.sign_on_rules = msgspec.structs.replace(bench.sign_on_rules, roles=("lead",))
    bench.login_rules = msgspec.structs.replace(
        bench.login_rules, second_factor_roles=("lead",)
    )
    with TestClient(bench.app(), base_url="http://127.0.0.1") as client:
        client.follow_redirects = False
        assert returned(client, bench) == 403
        assert client.get("/factors").headers["location"].startswith("/login")
        bench.accounts_book.events.append(
            TotpEnrolled(name="lea", secret=SECRET, at=1, by="lea")
        )
        assert returned(client, bench) == 200
        assert client.get("/").headers["location"] == "/factor"


def test_a_provider_that_hangs_holds_up_no_page(bench: Bench) -> None:
    goes_on = threading.Event()

    class Hanging(Provider):
        @override
        def begin(self, asked: Asked) -> str:
            goes_on.wait()
            return super().begin(asked)

    bench.provider = Hanging()
    with TestClient(bench.app(), base_url="http://127.0.0.1") as client:
        client.follow_redirects = False
        with ThreadPoolExecutor(41) as many:
            begun = [many.submit(client.get, "/oidc/start") for _ in range(40)]
            try:
                page = many.submit(log_in, client, "anna").result(60)
                assert page.status_code == 303
            finally:
                goes_on.set()
            assert {each.result().status_code for each in begun} == {303}


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
