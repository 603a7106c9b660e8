"""The matrix of docs/rights.md, tried: every role at every page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.rights import doors
from tests.web.conftest import log_in, token_of
from tests.web.handmade import PASSWORD, Bench

from wardkeep.access.events import AccountAdded, Role
from wardkeep.access.permission import Permission, granted

STEPS = {"public", "half", "enrol"}


@pytest.fixture
def hospital(bench: Bench) -> Iterator[tuple[Bench, TestClient]]:
    """A hospital with one account a role, named after it."""
    for role in Role:
        bench.accounts_book.events.append(
            AccountAdded(
                name=role.value,
                roles=(role,),
                password_hash=f"plain:{PASSWORD}",
                at=1,
                by="init",
            )
        )
    with ExitStack() as stack:
        client = stack.enter_context(TestClient(bench.app(), base_url="http://127.0.0.1"))
        client.follow_redirects = False
        yield bench, client


def pages(app: Litestar) -> list[tuple[str, str, Permission]]:
    return [
        (method, path, door)
        for (method, path), door in doors(app).items()
        if isinstance(door, Permission)
    ]


def test_every_page_says_what_it_asks_for(bench: Bench) -> None:
    unsaid = {
        page
        for page, door in doors(bench.app()).items()
        if not isinstance(door, Permission) and door not in STEPS
    }
    assert unsaid == set()


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_the_pages_that_it_may_and_no_other(
    hospital: tuple[Bench, TestClient], role: Role
) -> None:
    _bench, client = hospital
    app = client.app
    assert isinstance(app, Litestar)
    wrong = []
    for method, path, door in pages(app):
        if path == "/live":  # a stream that never ends: `guard` is the same
            continue
        client.cookies.clear()
        assert log_in(client, role.value).status_code == 303
        fields = {"token": token_of(client.get("/").text)} if method == "POST" else None
        answer = client.request(method, path, data=fields)
        if (answer.status_code == 403) == (door in granted([role])):
            wrong.append((method, path, answer.status_code))
    assert wrong == []


def test_whoever_is_not_logged_in_opens_nothing_but_the_way_in(
    hospital: tuple[Bench, TestClient],
) -> None:
    _bench, client = hospital
    app = client.app
    assert isinstance(app, Litestar)
    for method, path, _door in pages(app):
        answer = client.request(method, path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/login"), path
