"""One request: who asks, in which language, at what moment; and the page that answers it."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie, FormMultiDict
from litestar.di import NamedDependency
from litestar.exceptions import PermissionDeniedException

from wardkeep.access.events import AccessEvent
from wardkeep.access.look import Look
from wardkeep.access.permission import BEHIND_GLASS, NEED_AN_ACCOUNT, Permission, granted
from wardkeep.access.state import Account
from wardkeep.adapters.typst_words import translator
from wardkeep.pack.pen import Pen
from wardkeep.web.board import Boards
from wardkeep.web.challenges import Challenges
from wardkeep.web.due import DueBook
from wardkeep.web.kept_rows import KeptRows, Rows
from wardkeep.web.language import catalogue, choose_language
from wardkeep.web.last_logins import LastLogins
from wardkeep.web.live import Broadcaster
from wardkeep.web.login_delay import LoginDelays
from wardkeep.web.login_queue import LoginQueue
from wardkeep.web.looks import LookRecorder
from wardkeep.web.others import PARAMETER, PATHS, OtherSite, address, others_of
from wardkeep.web.pin_tries import PinTries
from wardkeep.web.ports import CopyStanding, WebDependencies
from wardkeep.web.security import language_cookie, same
from wardkeep.web.sessions import Session, Sessions
from wardkeep.web.settings_port import SettingsLook
from wardkeep.web.templating import PIECES, environment
from wardkeep.web.thirds import ThirdsAsked

T = TypeVar("T")

# Below this, compressing costs more than it saves (one packet either way).
_SMALL = 1000
# Each hash takes 19 MiB and a core for 15 ms.
_HASHES_AT_ONCE = 2
REFRESH_HEADER = "wardkeep-refresh"


class Web:
    """What lives as long as the web process."""

    def __init__(self, deps: WebDependencies) -> None:
        self.deps = deps
        self.sessions = Sessions(deps.sessions, deps.new_token, deps.site.login)
        self.delays = LoginDelays()
        self.logins = LoginQueue(self._drawn)
        self.looks = LookRecorder(deps.looks)
        self.broadcaster = Broadcaster(deps.charts)
        self.zone = ZoneInfo(deps.site.rules.timezone)
        self.login_secret = deps.new_token()
        self.dues = DueBook()
        self.boards = Boards(deps.charts, deps.site, self.dues)
        self.rows = KeptRows()
        self.others = others_of(deps)
        self.hashing = asyncio.Semaphore(_HASHES_AT_ONCE)
        self.pins = PinTries()
        self.challenges = Challenges(deps.new_token)
        self.thirds = ThirdsAsked()
        # A paper code opens once: looking at it and writing that it was used are one step.
        self.one_code = asyncio.Lock()
        # Two leads who disable each other at once: the second must see what the first did.
        self.one_change = asyncio.Lock()
        self.last_logins = LastLogins(deps.recorded)
        self.settings_look: SettingsLook | None = None
        """What was found when settings and machine were looked at last, None: not yet."""
        self.held = 0
        """Packs held, as they were when it was last looked: no page reads the shelf for it."""
        self.untold: list[tuple[str, str, str]] = []
        self.unwritten: list[AccessEvent] = []

    def close(self) -> None:
        """End every open stream, so that the server can stop."""
        for each in (self.broadcaster, *(other.broadcaster for other in self.others.values())):
            each.close()

    def _drawn(self, below: int) -> int:
        token = hashlib.sha256(self.deps.new_token().encode()).digest()
        return int.from_bytes(token, "big") % below


class Visitor(msgspec.Struct, frozen=True, dict=True):
    """Who asks: a session and its account, or neither."""

    session: Session | None = None
    account: Account | None = None
    covered: bool = False
    """The screen was left alone or locked: nothing is shown until it is uncovered."""
    glass: bool = False
    """The glass was broken a short while ago: patients are open."""

    @cached_property
    def may(self) -> frozenset[Permission]:
        """Everything the visitor may do; nothing while a step of the login is owed."""
        if self.account is None or self.covered or (self.session and self.session.step):
            return frozenset()
        rights = granted(self.account.roles)
        if self.session and self.session.roles:
            # An officer has an account: else one person with two codes on paper were two.
            rights -= NEED_AN_ACCOUNT
        return rights | BEHIND_GLASS if self.glass else rights


class Screen:
    """One request and the ways to answer it."""

    def __init__(self, web: Web, request: Request[Any, Any, Any], visitor: Visitor) -> None:
        self.web = web
        self.other = _other_site(web, request)
        """The other site of the group that the page is of, None for this one."""
        self.deps = self.other.deps if self.other else web.deps
        self.boards = self.other.boards if self.other else web.boards
        self.dues = self.other.dues if self.other else web.dues
        self.broadcaster = self.other.broadcaster if self.other else web.broadcaster
        self.request = request
        self.visitor = visitor
        asked = request.query_params.get("lang", "")
        self.language = choose_language(
            asked,
            request.cookies.get("wardkeep-language", ""),
            request.headers.get("accept-language", ""),
            web.deps.site.language,
        )
        self._keep_language = asked == self.language
        self.translate = catalogue(self.language).gettext
        # Warnings that paper prints too are said in its words.
        zone = self.other.zone if self.other else web.zone
        self.pen = Pen(translator(self.language), self.language, zone, web.deps.clock())
        self.calendar = self.pen.calendar
        self.rows = Rows(web.rows, self.calendar, self.language, self.site_code)

    @property
    def now(self) -> int:
        """The moment of the request, UTC microseconds."""
        return self.calendar.now

    @cached_property
    def following(self) -> CopyStanding | None:
        """How this box stands to the first that it copies, None where it is the first."""
        return self.deps.copy.standing(self.now)

    @property
    def cut_off(self) -> bool:
        """Whether this box lacks what the first it copies has: nothing here is live then."""
        copy = self.following
        return copy is not None and (copy.silent_since > 0 or copy.behind > 0)

    @property
    def held(self) -> int:
        """How many wards' packs are held and wait for the visitor's decision."""
        decides = Permission.DECIDE_HELD_PACKS in self.visitor.may
        return self.web.held if decides and not self.other else 0

    @property
    def who(self) -> str:
        """The account's name, "" for nobody."""
        return self.visitor.account.name if self.visitor.account else ""

    @property
    def own_rights(self) -> frozenset[Permission]:
        """What the roles alone grant, glass or not."""
        return granted(self.visitor.account.roles) if self.visitor.account else frozenset()

    def parameter(self, name: str) -> str:
        """Return a query parameter, "" where it is absent."""
        return str(self.request.query_params.get(name, ""))

    def page(
        self,
        template: str,
        context: Mapping[str, object],
        status: int = 200,
        cookies: Iterable[Cookie] = (),
    ) -> Response[bytes]:
        """Return the page made from a template, compressed where the browser can read it."""
        html = (
            environment(self.language)
            .get_template(template)
            .render({PIECES: {}, "screen": self, "at": self.calendar, **context})
        )
        body = html.encode()
        headers = {"vary": "accept-encoding, cookie, accept-language", **self._cover_later()}
        zipped = "gzip" in self.request.headers.get("accept-encoding", "")
        if zipped and len(body) > _SMALL:
            body = gzip.compress(body, compresslevel=5, mtime=0)
            headers["content-encoding"] = "gzip"
        baked = list(cookies)
        if self._keep_language:
            baked.append(language_cookie(self.language, secure=self.deps.secure))
        return Response(
            body,
            status_code=status,
            media_type="text/html; charset=utf-8",
            headers=headers,
            cookies=baked,
        )

    def _cover_later(self) -> dict[str, str]:
        """Return the header by which a browser covers a page left alone, without scripts."""
        visitor = self.visitor
        if visitor.session is None or visitor.session.step or visitor.covered:
            return {}
        seconds = self.web.sessions.seconds_to_lock(visitor.session, self.now)
        back = urlencode({"next": self.here()})
        return {"refresh": f"{seconds}; url=/locked?{back}"} if seconds else {}

    def looked(self, page: str, records: Iterable[str], why: str = "") -> None:
        """Record that the visitor now sees something of these patients."""
        if self.visitor.session is None:
            return
        if self.visitor.glass and Permission.SEE_PATIENTS not in self.own_rights:
            why = f"break-glass {why}".strip()
        looks = [
            Look(at=self.now, who=self.who, record=record, page=page, why=why)
            for record in records
        ]
        key = self.visitor.session.key
        if self.other is not None:
            self.other.looked(key, looks, self.web.deps.site.code)
            looks = [self.other.kept_here(look) for look in looks]
        self.web.looks.looked(key, looks)

    def to(self, path: str, **pairs: str) -> str:
        """Return the address of a page of the same site."""
        return address(path, self.site_code, **pairs)

    @property
    def site_code(self) -> str:
        """The code of the other site that the page is of, "" for this one."""
        return self.other.site.code if self.other else ""

    async def form(self) -> FormMultiDict:
        """Return the posted form; raises PermissionDeniedException unless our page sent it."""
        posted = await self.request.form()
        expected = self.visitor.session.csrf if self.visitor.session else ""
        if not expected or not same(expected, str(posted.get("token", ""))):
            raise PermissionDeniedException("form")
        return posted

    async def append(self, *events: AccessEvent) -> None:
        """Write events to the operations ledger, all or none; raises OperationFailedError."""
        await self.in_thread(lambda: self.deps.accounts.append(events))

    async def alarm(self, code: str, subject: str, detail: str) -> None:
        """Raise an alarm; while nobody takes it, it waits and is told again."""
        if not await self.in_thread(lambda: self.deps.operations.alarm(code, subject, detail)):
            self.web.untold.append((code, subject, detail))

    async def note(self, who: str, page: str, why: str) -> None:
        """Record in the access ledger what is no look at a patient: a login, broken glass."""
        look = Look(at=self.deps.clock(), who=who, record="", page=page, why=why)
        await self.in_thread(lambda: self.web.looks.note(look))

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do what waits for a disk or a socket without holding up the other pages."""
        return await asyncio.to_thread(work)

    async def hashing(self, work: Callable[[], T]) -> T:
        """Hash in a thread, few at a time: a rain of logins must not starve the ward boards."""
        async with self.web.hashing:
            return await asyncio.to_thread(work)

    def here(self, **changed: str) -> str:
        """Return the address of this page with some query parameters changed."""
        pairs = {**{k: str(v) for k, v in self.request.query_params.items()}, **changed}
        return f"{self.request.url.path}?{urlencode(pairs)}"

    def script_words(self) -> str:
        """Return the words that the page's script says, as JSON for a data attribute."""
        _ = self.translate
        return json.dumps({"lost": _("CONNECTION LOST. This page shows what was known at")})


def _other_site(web: Web, request: Request[Any, Any, Any]) -> OtherSite | None:
    if request.url.path not in PATHS:
        return None
    return web.others.get(request.query_params.get(PARAMETER, ""))


Asked = NamedDependency[Screen]
"""What a page is handed: the screen that was asked for."""
