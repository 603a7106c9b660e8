"""A browser without a screen, in front of the handmade hospital."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from httpx import Response
from litestar.testing import TestClient

from tests.web.handmade import PASSWORD, Bench

Login = Callable[[str], TestClient]


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def anonymous(bench: Bench) -> Iterator[TestClient]:
    with TestClient(bench.app(), base_url="http://127.0.0.1") as client:
        client.follow_redirects = False
        yield client


def token_of(page: str) -> str:
    """The token of the page's last form: the one in <main>, where there is one."""
    found = re.findall(r'name="token" value="([^"]+)"', page)
    assert found, "the page has a form of ours"
    return found[-1]


def log_in(client: TestClient, name: str, password: str = PASSWORD, **more: str) -> Response:
    page = client.get("/login").text
    fields = {"name": name, "password": password, "token": token_of(page), **more}
    return client.post("/login", data=fields)


@pytest.fixture
def login(bench: Bench) -> Iterator[Login]:
    with ExitStack() as stack:

        def enter(name: str) -> TestClient:
            client = TestClient(bench.app(), base_url="http://127.0.0.1")
            stack.enter_context(client)
            client.follow_redirects = False
            assert log_in(client, name).status_code == 303
            return client

        yield enter
