from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from threading import Event

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.web.conftest import Login, log_in, token_of
from tests.web.handmade import NOW, PASSWORD, Bench, HandmadeCharts

from wardkeep.access.state import Accounts
from wardkeep.chart.model import PatientChart
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.web.application import create_app
from wardkeep.web.ports import CopyStanding, Neighbour

OPEN_TO_ALL = {
    "/login",
    "/login/pin",
    "/oidc/start",
    "/oidc/return",
    "/code",
    "/code/password",
    "/about",
    "/static/{name:path}",
    "/certificate",
    "/certificate/wardkeep-root.pem",
    "/certificate/wardkeep-root.crt",
}
SAMPLES = [
    "/",
    "/streams",
    "/ward?code=4B",
    "/ward/pack?code=4B",
    "/patient?record=700001",
    "/message?sequence=7",
    "/quarantine",
    "/search?q=jan",
    "/account",
    "/live",
]


def test_a_stranger_is_led_to_the_login_and_from_there_to_the_page_that_was_asked(
    anonymous: TestClient,
) -> None:
    for address in SAMPLES:
        answer = anonymous.get(address)
        assert answer.status_code == 303, address
        assert answer.headers["location"].startswith("/login"), address
    assert (
        anonymous.get("/ward?code=4B").headers["location"] == "/login?next=%2Fward%3Fcode%3D4B"
    )
    page = anonymous.get("/login?next=/ward?code=4B")
    fields = {"name": "anna", "password": PASSWORD, "token": token_of(page.text)}
    entered = anonymous.post("/login", data={**fields, "next": "/ward?code=4B"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/ward?code=4B")
    assert anonymous.get("/ward?code=4B").status_code == 200


def test_no_route_is_open_without_saying_so(bench: Bench) -> None:
    app: Litestar = bench.app()
    doors = {
        route.path: handler.opt.get("door")
        for route in app.routes
        for handler in route.route_handlers
        if "OPTIONS" not in handler.http_methods
    }
    assert {path for path, door in doors.items() if door == "public"} == OPEN_TO_ALL
    assert all(doors.values())


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("anna", ["/quarantine"]),
        (
            "ines",
            ["/ward?code=4B", "/ward/pack?code=4B", "/patient?record=700001", "/search?q=jan"],
        ),
        ("lea", []),
        ("otto", [*SAMPLES[2:8]]),
    ],
)
def test_each_role_sees_what_it_may_and_nothing_else(
    login: Login, name: str, refused: list[str]
) -> None:
    client = login(name)
    assert [a for a in SAMPLES[:-1] if client.get(a).status_code == 403] == refused


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/login", 200),
        ("GET", "/", 303),
        ("GET", "/nothing", 404),
        ("GET", "/static/nothing.js", 404),
        ("PUT", "/login", 405),
        ("POST", "/login", 400),
        ("POST", "/quarantine/replay", 303),
    ],
)
def test_security_headers_stand_on_every_answer_errors_included(
    anonymous: TestClient, method: str, address: str, status: int
) -> None:
    answer = anonymous.request(method, address)
    assert answer.status_code == status
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


def test_an_error_is_a_page_in_the_readers_language_and_shows_no_trace(
    login: Login, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = login("lea")
    monkeypatch.setattr(bench.charts, "wards", lambda: 1 / 0)
    answer = client.get("/?lang=de")
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("text/html")
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert 'lang="de"' in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "Traceback" not in answer.text


def test_pages_of_patients_are_kept_in_no_cache_and_static_files_are(login: Login) -> None:
    client = login("anna")
    page = client.get("/ward?code=4B")
    assert page.headers["cache-control"] == "no-store"
    style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client.get(style).headers["cache-control"]
    assert "immutable" not in client.get("/static/wardkeep.css?v=old").headers["cache-control"]


def test_static_files_are_the_shipped_ones_and_no_path_leads_out(anonymous: TestClient) -> None:
    for name in ("../application.py", "..%2Fapplication.py", "fonts/../../ports.py", "%00"):
        assert anonymous.get(f"/static/{name}").status_code == 404


def test_a_session_id_that_the_server_did_not_give_is_refused_and_never_adopted(
    anonymous: TestClient,
) -> None:
    anonymous.cookies.set("wardkeep", "chosen-by-an-attacker")
    assert anonymous.get("/").status_code == 303
    entered = log_in(anonymous, "anna")
    given = entered.cookies["wardkeep"]
    assert given != "chosen-by-an-attacker"
    anonymous.cookies.clear()
    anonymous.cookies.set("wardkeep", "chosen-by-an-attacker")
    assert anonymous.get("/").status_code == 303


def test_logging_in_again_gives_a_new_id_and_ends_the_old_one(login: Login) -> None:
    client = login("anna")
    old = client.cookies["wardkeep"]
    fields = {
        "name": "anna",
        "password": PASSWORD,
        "token": token_of(client.get("/login").text),
    }
    new = client.post("/login", data=fields).cookies["wardkeep"]
    assert new != old
    client.cookies.clear()
    client.cookies.set("wardkeep", old)
    assert client.get("/").status_code == 303


def test_the_session_cookie_is_for_this_site_alone(bench: Bench) -> None:
    with TestClient(bench.app(secure=True), base_url="https://127.0.0.1") as client:
        client.follow_redirects = False
        cookie = log_in(client, "anna").headers["set-cookie"].lower()
        assert cookie.startswith("__host-wardkeep=")
        for word in ("httponly", "samesite=strict", "secure", "path=/"):
            assert word in cookie
        answer = client.get("/")
        assert answer.status_code == 200
        assert "max-age" in answer.headers["strict-transport-security"]


class Copy:
    """How a box stands to the first that it copies, whenever it is asked."""

    def __init__(self, standing: CopyStanding) -> None:
        self._standing = standing

    def standing(self, now: int) -> CopyStanding:  # noqa: ARG002
        return self._standing


FORMS: list[tuple[str, dict[str, str]]] = [
    ("/logout", {}),
    ("/lock", {}),
    ("/quarantine/replay", {"sequence": "7"}),
    ("/account", {"old": PASSWORD, "new": "a new password", "again": "a new password"}),
    ("/bedside/answer", {"code": "4B", "check": "1", "fact-0": "same"}),
    ("/bedside/settle", {"check": "1", "place": "0", "cause": "feed", "done": "told the desk"}),
    ("/account/pin", {"old": PASSWORD, "pin": "481516"}),
    ("/account/ward-pc", {"place": "4B"}),
    ("/account/session", {"session": "0"}),
    ("/glass", {"person": "Ines", "reason": "a patient collapsed"}),
    ("/officers", {"person": "Jan Peeters", "role": "nurse", "hours": "4"}),
    ("/officers/confirm", {"pin": "481516"}),
    ("/officers/forget", {}),
    ("/audit/alarm", {"code": "break-glass", "subject": "ines"}),
    ("/factors/totp", {"code": "000000"}),
    ("/factors/key", {"answer": "{}"}),
    ("/factors/remove", {"credential": "totp"}),
    ("/held/decide", {"ward": "A2", "held": "1", "decision": "release", "why": "x"}),
    ("/senders/known", {"feed": "adt", "trait": "address", "name": "x"}),
    ("/print/order", {"ward": "A2"}),
    ("/deliveries/again", {"target": "share"}),
    ("/hand/say", {"ward": "A2", "built": "1"}),
    ("/hand/code", {"typed": "7K3M-Q2XD", "said_by": "An"}),
    ("/people/change", {"name": "anna", "change": "disable"}),
    ("/print/decide", {"order": "1", "decision": "printed", "why": "x"}),
]


@pytest.mark.parametrize("token", ["", "wrong", "ü"])
@pytest.mark.parametrize(("address", "fields"), FORMS)
def test_a_form_without_the_sessions_own_token_changes_nothing(
    login: Login, bench: Bench, address: str, fields: dict[str, str], token: str
) -> None:
    client = login("lea")
    before = len(bench.accounts_book.events)
    assert client.post(address, data={**fields, "token": token}).status_code == 403
    assert client.get("/").status_code == 200
    assert len(bench.accounts_book.events) == before


def test_every_route_that_changes_something_is_among_those_tested(bench: Bench) -> None:
    changing = {
        route.path
        for route in bench.app().routes
        for handler in route.route_handlers
        if "POST" in handler.http_methods
    }
    elsewhere = {"/login", "/login/pin", "/code", "/code/password", "/factor", "/locked"}
    assert changing - elsewhere == {address for address, _fields in FORMS}


def test_a_token_of_another_session_is_refused(login: Login) -> None:
    anna, ines = login("anna"), login("ines")
    stolen = token_of(ines.get("/").text)
    assert anna.post("/logout", data={"token": stolen}).status_code == 403


def test_a_form_that_another_site_sends_is_refused_even_with_the_token(login: Login) -> None:
    client = login("anna")
    token = token_of(client.get("/").text)
    crossing = {"sec-fetch-site": "cross-site"}
    assert client.post("/logout", data={"token": token}, headers=crossing).status_code == 403


def test_a_login_form_sent_from_elsewhere_logs_nobody_in(anonymous: TestClient) -> None:
    fields = {"name": "anna", "password": PASSWORD, "token": "guessed"}
    answer = anonymous.post("/login", data=fields)
    assert answer.status_code == 400
    assert "wardkeep" not in answer.cookies


def test_a_body_that_is_too_large_is_refused_before_it_is_read(anonymous: TestClient) -> None:
    answer = anonymous.post("/login", data={"name": "x" * 20_000})
    assert answer.status_code == 413
    assert "text/html" in answer.headers["content-type"]


def test_a_screen_left_alone_for_half_an_hour_is_logged_out(login: Login, bench: Bench) -> None:
    client = login("anna")
    for _ in range(4):
        bench.at += 9 * MINUTE
        assert client.get("/").status_code == 200
    bench.at += 31 * MINUTE
    assert client.get("/").headers["location"] == "/login"


def test_a_screen_that_refreshes_itself_does_not_keep_its_session_open(
    login: Login, bench: Bench
) -> None:
    client = login("anna")
    for header, address in (({"wardkeep-refresh": "1"}, "/"), ({}, "/?by=itself")):
        bench.at += 9 * MINUTE
        assert client.get(address, headers=header).status_code == 200 or header == {}
    assert client.get("/").headers["location"] == "/locked"


def test_nobody_stays_logged_in_beyond_a_shift(login: Login, bench: Bench) -> None:
    client = login("anna")
    for _ in range(13 * 7):
        bench.at += HOUR // 7 - MINUTE
        assert client.get("/").status_code == 200
    bench.at += 2 * HOUR
    assert client.get("/").headers["location"] == "/login"


def test_a_restart_of_the_web_logs_nobody_out(login: Login, bench: Bench) -> None:
    first = login("anna")
    with TestClient(bench.app(), base_url="http://127.0.0.1") as second:
        second.cookies.update(dict(first.cookies))
        assert second.get("/ward?code=4B").status_code == 200
    assert first.cookies["wardkeep"].encode() not in (bench.kept or b"")


def test_wrong_passwords_wait_longer_each_time_and_the_right_one_still_enters(
    anonymous: TestClient, bench: Bench
) -> None:
    for _ in range(8):
        assert log_in(anonymous, "anna", "wrong").status_code == 401
    assert bench.slept == [0, 0, 1, 2, 4, 8, 15, 15]
    assert log_in(anonymous, "anna").status_code == 303
    assert bench.slept[-1] == 15
    assert log_in(anonymous, "anna", "wrong").status_code == 401
    assert bench.slept[-1] == 0


def test_a_delay_on_one_account_holds_up_nobody_else_behind_the_same_address(
    anonymous: TestClient, bench: Bench
) -> None:
    for _ in range(9):
        log_in(anonymous, "anna", "wrong")
    assert log_in(anonymous, "ines").status_code == 303
    assert bench.slept[-1] == 0


def test_an_account_that_does_not_exist_is_answered_like_one_that_does(
    anonymous: TestClient, bench: Bench
) -> None:
    pages = [log_in(anonymous, name, "wrong") for name in ("anna", "nobody")]
    assert [page.status_code for page in pages] == [401, 401]
    assert pages[0].text == pages[1].text


def test_a_page_weighs_less_than_sixty_kilobytes_for_forty_patients(login: Login) -> None:
    client = login("lea")
    for address in SAMPLES[:-1]:
        answer = client.get(address)
        assert int(answer.headers["content-length"]) < 60_000


def test_the_language_is_chosen_by_link_then_cookie_then_browser_then_site(
    anonymous: TestClient,
) -> None:
    assert 'lang="en"' in anonymous.get("/login").text
    german = {"accept-language": "pt-PT,de-LU;q=0.9,fr;q=0.5"}
    assert 'lang="de"' in anonymous.get("/login", headers=german).text
    assert 'lang="nl"' in anonymous.get("/login?lang=nl", headers=german).text
    assert 'lang="nl"' in anonymous.get("/login", headers=german).text
    assert 'lang="nl"' in anonymous.get("/login?lang=xx").text


def test_a_session_of_ones_own_on_another_screen_is_ended_from_here(
    login: Login, bench: Bench
) -> None:
    client = login("anna")
    there = dict(client.cookies)
    client.cookies.clear()
    log_in(client, "lea")
    lea = client.get("/account").text
    client.cookies.clear()
    log_in(client, "anna")
    here, page = dict(client.cookies), client.get("/account").text
    assert (page.count("End this one"), lea.count("End this one")) == (1, 0)
    [named] = re.findall(r'name="session" value="(\w+)"', page)
    form = {"token": token_of(page), "session": named}
    ended = client.post("/account/session", data={**form, "session": "0"})
    assert ended.headers["location"] == "/account#sessions"
    assert "End this one" in client.get("/account").text
    client.post("/account/session", data=form)
    assert (bench.noted[-1].who, bench.noted[-1].page) == ("anna", "session ended")
    client.cookies = there
    assert client.get("/").headers["location"].startswith("/login")
    client.cookies = here
    assert client.get("/").status_code == 200


def test_a_password_changed_here_ends_the_sessions_elsewhere(
    login: Login, bench: Bench
) -> None:
    here, there = login("anna"), login("anna")
    bench.at += MINUTE
    token = token_of(here.get("/account").text)
    fields = {
        "token": token,
        "old": PASSWORD,
        "new": "fresh and long",
        "again": "fresh and long",
    }
    assert here.post("/account", data=fields).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        (PASSWORD, "short", "short"),
        (PASSWORD, "long enough, yes", "but not the same"),
        ("not my password", "long enough, yes", "long enough, yes"),
        (PASSWORD, "x" * 129, "x" * 129),
    ],
)
def test_an_unfit_password_is_refused_with_its_reason(
    login: Login, bench: Bench, old: str, new: str, again: str
) -> None:
    client = login("anna")
    token = token_of(client.get("/account").text)
    fields = {"token": token, "old": old, "new": new, "again": again}
    answer = client.post("/account", data=fields)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert len(bench.accounts_book.events) == 4


def test_a_password_that_the_server_could_not_keep_is_not_said_to_be_changed(
    login: Login, bench: Bench
) -> None:
    client = login("anna")
    bench.accounts_book.fails = True
    token = token_of(client.get("/account").text)
    new = "long enough, yes"
    fields = {"token": token, "old": PASSWORD, "new": new, "again": new}
    answer = client.post("/account", data=fields)
    assert answer.status_code == 503
    assert "Nothing was changed" in answer.text


def test_a_login_never_leads_to_another_site(anonymous: TestClient) -> None:
    for address in (
        "//evil.example",
        "https://evil.example",
        "/\\evil",
        "/\r\nx: y",
        "javascript:",
    ):
        answer = log_in(anonymous, "anna", next=address)
        assert answer.headers["location"] == "/"
        anonymous.cookies.delete("wardkeep")


@pytest.mark.parametrize(("silent", "behind"), [(NOW - 1, 0), (0, 5_000)])
def test_a_second_box_that_lacks_something_is_never_called_live(
    bench: Bench, silent: int, behind: int
) -> None:
    copy = Copy(CopyStanding(as_of=NOW, silent_since=silent, behind=behind))
    app = create_app(msgspec.structs.replace(bench.deps(), copy=copy))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        log_in(client, "anna")
        for path in ("/", "/ward?code=4B"):
            assert "NOT LIVE, as of" in client.get(path).text


def test_another_sites_charts_that_lack_erased_days_say_so_and_the_own_do_not(
    bench: Bench,
) -> None:
    deps, charts = bench.deps(), HandmadeCharts()
    charts.lacking = True
    neighbour = Neighbour(
        site=msgspec.structs.replace(deps.site, code="JOS"),
        charts=charts,
        copy=Copy(CopyStanding(as_of=NOW, silent_since=0)),
        looks=bench,
    )
    app = create_app(msgspec.structs.replace(deps, neighbours=(neighbour,)))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        log_in(client, "anna")
        for path in ("/?x=", "/ward?code=4B", "/patient?record=700001", "/search?q=Muller"):
            assert ">NOT WHOLE<" in client.get(f"{path}&site=JOS").text, path
            assert ">NOT WHOLE<" not in client.get(path).text, path


def test_logging_out_ends_the_session_on_the_server_too(login: Login) -> None:
    client = login("anna")
    kept = client.cookies["wardkeep"]
    token = token_of(client.get("/").text)
    assert client.post("/logout", data={"token": token}).status_code == 303
    client.cookies.set("wardkeep", kept)
    assert client.get("/").status_code == 303


def test_logging_out_clears_what_the_browser_holds(login: Login) -> None:
    client = login("anna")
    answer = client.post("/logout", data={"token": token_of(client.get("/").text)})
    assert answer.headers["clear-site-data"] == '"cache", "storage"'


def test_no_page_asks_a_store_inside_the_loop_that_serves_all_the_others(
    anonymous: TestClient, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, keep, inside = bench.accounts_book.accounts(), bench.save, []

    def note() -> None:
        with suppress(RuntimeError):
            inside.append(asyncio.get_running_loop())

    def accounts() -> Accounts:
        note()
        return known

    def save(content: bytes) -> None:
        note()
        keep(content)

    monkeypatch.setattr(bench.accounts_book, "accounts", accounts)
    monkeypatch.setattr(bench, "save", save)
    assert log_in(anonymous, "lea").status_code == 303
    for address in SAMPLES[:-1]:
        bench.at += 2 * MINUTE
        assert anonymous.get(address).status_code == 200
    token = token_of(anonymous.get("/account").text)
    assert anonymous.post("/logout", data={"token": token}).status_code == 303
    assert b'"sessions":[]' in bench.kept
    assert inside == []


def test_boards_are_read_before_anybody_asks_for_them(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, both, ward = set(), Event(), bench.charts.ward

    def reading(code: str) -> list[PatientChart]:
        read.add(code)
        if read == {"4B", "ICU"}:
            both.set()
        return ward(code)

    monkeypatch.setattr(bench.charts, "ward", reading)
    with TestClient(bench.app()):
        assert both.wait(60)
    assert bench.recorded == []
