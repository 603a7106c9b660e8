"""An attacker on the hospital's network: `python attacker.py HOST NAME PASSWORD PORTS`.

Runs in a network namespace of its own, knows the server's address and one account, and has
nothing but the standard library. Every attack prints one JSON line: its name, whether the
server held, and what was seen. Bounded in count and time.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import ssl
import sys
import time
import urllib.parse
from collections.abc import Awaitable, Callable

WEB, MLLP = 8443, 2575
_OPEN = {WEB, MLLP}
_SCANNERS = 400
_PATIENCE = 60.0
_SLOW = 1_300
_SECRETS = (b"root:x:", b"AGE-SECRET-KEY", b"[[feeds]]", b"BEGIN PRIVATE", b"SQLite format")
Told = tuple[bool, str]


def tls(
    version: ssl.TLSVersion | None = None, ciphers: str = "DEFAULT:@SECLEVEL=0"
) -> ssl.SSLContext:
    """Return a context that trusts anybody, as an attacker does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(ciphers)
    if version is not None:
        context.minimum_version = context.maximum_version = version
    return context


class Attacker:
    """Knows where the server is, the name and password of one account, and how far to scan."""

    def __init__(self, host: str, name: str, password: str, ports: str) -> None:
        self.host, self.name, self.password = host, name, password
        self.ports = int(ports)

    async def raw(self, request: bytes, port: int = WEB, secure: bool = True) -> bytes:
        """Send bytes and return all that comes until the server closes or says no more."""
        try:
            async with asyncio.timeout(_PATIENCE):
                reader, writer = await asyncio.open_connection(
                    self.host, port, ssl=tls() if secure else None
                )
                writer.write(request)
                await writer.drain()
                answer = b""
                while piece := await reader.read(65_536):
                    answer += piece
                    if len(answer) > 1_000_000:
                        break
                writer.close()
                return answer
        except (OSError, asyncio.IncompleteReadError) as fault:
            return f"closed: {type(fault).__name__}".encode()
        except TimeoutError:
            return b"timeout"

    async def ask(
        self, method: str, target: str, headers: str = "", body: bytes = b""
    ) -> tuple[int, bytes]:
        """Ask one page; return status (0: none) and the whole answer."""
        length = f"Content-Length: {len(body)}\r\n" if body or method == "POST" else ""
        request = (
            f"{method} {target} HTTP/1.1\r\nHost: {self.host}\r\nConnection: close\r\n"
            f"{length}{headers}\r\n"
        ).encode("latin-1") + body
        answer = await self.raw(request)
        status = re.match(rb"HTTP/1\.1 (\d+)", answer)
        return (int(status[1]) if status else 0), answer

    async def form(
        self, target: str, fields: dict[str, str], headers: str = ""
    ) -> tuple[int, bytes]:
        """Post a form."""
        kind = "Content-Type: application/x-www-form-urlencoded\r\n"
        body = urllib.parse.urlencode(fields).encode()
        return await self.ask("POST", target, kind + headers, body)

    async def log_in(self, cookie: str = "", password: str | None = None) -> tuple[int, bytes]:
        """Log in as a browser would that brings `cookie`."""
        _, page = await self.ask("GET", "/login")
        nonce = re.search(rb"(wardkeep-form=[^;\r\n]+)", page)
        token = re.search(rb'name="token" value="([^"]+)"', page)
        assert nonce is not None
        assert token is not None
        fields = {
            "name": self.name,
            "password": self.password if password is None else password,
            "token": token[1].decode(),
        }
        cookies = "; ".join(filter(None, [nonce[1].decode(), cookie]))
        return await self.form("/login", fields, f"Cookie: {cookies}\r\n")

    # The attacks.

    async def port_scan(self) -> Told:
        """TCP ports from 1 on; only what the site opened may answer."""
        found: set[int] = set()
        waiting = iter(range(1, self.ports + 1))

        async def scan() -> None:
            for port in waiting:
                try:
                    async with asyncio.timeout(_PATIENCE):
                        _, writer = await asyncio.open_connection(self.host, port)
                except (OSError, TimeoutError):
                    continue
                found.add(port)
                writer.close()

        await asyncio.gather(*(scan() for _ in range(_SCANNERS)))
        return found == _OPEN, f"open: {sorted(found)}"

    async def slow_connections(self) -> Told:
        """Over a thousand requests that never end; the login page must come all the same."""
        held: list[asyncio.StreamWriter] = []

        async def hold() -> None:
            try:
                async with asyncio.timeout(_PATIENCE):
                    _, writer = await asyncio.open_connection(self.host, WEB, ssl=tls())
            except (OSError, TimeoutError):
                return
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-")
            held.append(writer)

        for _ in range(_SLOW // 100):
            await asyncio.gather(*(hold() for _ in range(100)))
        status, _ = await self.ask("GET", "/login")
        for writer in held:
            writer.close()
        return status == 200 and len(held) > 1_000, f"{len(held)} held, login page {status}"

    async def slow_frames(self) -> Told:
        """Frames that trickle; a whole message beside them is answered."""
        held = []
        for _ in range(200):
            _, writer = await asyncio.open_connection(self.host, MLLP)
            writer.write(b"\x0bMSH|^~\\&|")
            held.append(writer)
        code = await self.message("SLOW1")
        for writer in held:
            writer.close()
        return code == b"AA", f"answer {code!r} beside {len(held)} unfinished frames"

    async def message(self, control: str) -> bytes:
        """Send one message and return the code of its answer."""
        body = f"MSH|^~\\&|ADT|H|WK|H|20260517||ADT^A01|{control}|P|2.5\rPID|||4711^^^H^MR||X\r"
        async with asyncio.timeout(_PATIENCE):
            reader, writer = await asyncio.open_connection(self.host, MLLP)
            writer.write(b"\x0b" + body.encode() + b"\x1c\r")
            answer = await reader.readuntil(b"\x1c\r")
            writer.close()
        code = re.search(rb"MSA\|(\w\w)", answer)
        return code[1] if code else answer

    async def tls_downgrade(self) -> Told:
        """Old protocols and empty ciphers are refused; so is plain HTTP."""
        seen = []
        for name, version in (("1.0", ssl.TLSVersion.TLSv1), ("1.1", ssl.TLSVersion.TLSv1_1)):
            seen.append((name, await self.agreed(tls(version))))
        for ciphers in ("aNULL:eNULL:@SECLEVEL=0", "3DES:RC4:DES:MD5:@SECLEVEL=0"):
            try:
                context = tls(ssl.TLSVersion.TLSv1_2, ciphers)
            except ssl.SSLError:
                continue  # this attacker's own library has none of them left
            seen.append((ciphers, await self.agreed(context)))
        plain = await self.raw(b"GET /login HTTP/1.1\r\nHost: x\r\n\r\n", secure=False)
        good = await self.agreed(tls(ssl.TLSVersion.TLSv1_3))
        held = not any(taken for _, taken in seen) and b"200" not in plain and good
        return held, f"taken: {[n for n, taken in seen if taken]}; plain: {plain[:30]!r}"

    async def agreed(self, context: ssl.SSLContext) -> bool:
        """Say whether the server agrees to speak so."""
        try:
            async with asyncio.timeout(_PATIENCE):
                _, writer = await asyncio.open_connection(self.host, WEB, ssl=context)
        except (OSError, TimeoutError, ssl.SSLError):
            return False
        writer.close()
        return True

    async def session_fixation(self) -> Told:
        """A session id of our own, planted before the login, opens nothing after it."""
        planted = "__Host-wardkeep=planted-by-the-attacker-0123456789"
        status, answer = await self.log_in(planted)
        given = re.search(rb"__Host-wardkeep=([^;\r\n]+)", answer)
        page, _ = await self.ask("GET", "/account", f"Cookie: {planted}\r\n")
        taken = given is not None and b"planted" in given[1]
        return status == 303 and not taken and page == 303, f"login {status}, planted {page}"

    async def forged_forms(self) -> Told:
        """Forms without the session's token, and forms another site sends, change nothing."""
        _, answer = await self.log_in()
        session = re.search(rb"(__Host-wardkeep=[^;\r\n]+)", answer)
        assert session is not None
        cookie = f"Cookie: {session[1].decode()}\r\n"
        fields = {"old": self.password, "new": "n" * 20, "again": "n" * 20}
        bare, _ = await self.form("/account", fields, cookie)
        forged, _ = await self.form(
            "/account", {**fields, "token": "x" * 64}, cookie + "Sec-Fetch-Site: cross-site\r\n"
        )
        logout, _ = await self.form("/logout", {}, cookie)
        still, _ = await self.ask("GET", "/account", cookie)
        held = {bare, forged, logout} <= {400, 403} and still == 200
        return held, f"without token {bare}, forged {forged}, logout {logout}, then {still}"

    async def path_traversal(self) -> Told:
        """No path leads out of the shipped files."""
        ups = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%252f", "..\\", "..%5c", "..;/",
               "%c0%ae%c0%ae/", "....//", "/", "%00/")  # fmt: skip
        ends = (
            "etc/passwd",
            "wardkeep.toml",
            "keys/server.key",
            "srv/wardkeep/keys/server.key",
        )
        bad = []
        for start in ("/static/", "/", "/ward/", "/patient/", "/fhir/", "/fhir/Patient/"):
            for up in ups:
                for end in ends:
                    _, answer = await self.ask("GET", start + up * 8 + end)
                    if any(secret in answer for secret in _SECRETS):
                        bad.append(start + up + end)
        return not bad, f"leaks: {bad}"

    async def bombs(self) -> Told:
        """Bodies that grow a thousandfold, archives and XML are refused, not unpacked."""
        bomb = gzip.compress(b"0" * 200_000_000, 9)
        xml = (
            b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
            + b"".join(b'<!ENTITY b%d "%b">' % (n, b"&a;" * 10) for n in range(10))
            + b'<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'
        )
        seen = []
        for target, kind, body, more in (
            ("/login", "application/x-www-form-urlencoded", bomb, "Content-Encoding: gzip\r\n"),
            ("/fhir", "application/fhir+json", bomb, "Content-Encoding: gzip\r\n"),
            ("/fhir", "application/fhir+xml", xml, ""),
            ("/fhir", "application/zip", b"PK\x03\x04" + b"\0" * 60, ""),
            ("/login", "text/xml", xml, ""),
        ):
            began = time.monotonic()
            status, answer = await self.ask(
                "POST", target, f"Content-Type: {kind}\r\n{more}", body
            )
            quick = time.monotonic() - began < _PATIENCE
            leaked = any(secret in answer for secret in _SECRETS)
            seen.append((target, kind, status, quick and status != 200 and not leaked))
        return all(held for *_, held in seen), f"{seen}"

    async def log_injection(self) -> Told:
        """Names and paths with line ends and terminal codes; the log is read afterwards."""
        forged = "x\nwardkeep: FORGED LINE\x1b[2J\x1b]0;FORGED TITLE\x07"
        await self.form("/login", {"name": forged, "password": "p", "token": "t"})
        await self.ask("GET", "/" + urllib.parse.quote(forged))
        await self.ask("GET", "/login", "User-Agent: x\x1b[2J FORGED\r\n")
        _, writer = await asyncio.open_connection(self.host, MLLP)
        writer.write(b"\x0bMSH|^~\\&|\x1b[2J\nwardkeep: FORGED LINE|\x1c\r" + forged.encode())
        await writer.drain()
        writer.close()
        return True, "sent"

    async def oversized_headers(self) -> Told:
        """Heads beyond all measure end the connection; they are not kept."""
        seen = []
        for head in (
            b"X-A: " + b"a" * 100_000 + b"\r\n",
            b"".join(b"X-%d: a\r\n" % n for n in range(20_000)),
            b"Cookie: " + b"__Host-wardkeep=" + b"c" * 60_000 + b"\r\n",
        ):
            answer = await self.raw(b"GET /login HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n")
            seen.append(answer[:20])
        answer = await self.raw(b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        seen.append(answer[:20])
        return not any(b" 200 " in each for each in seen), f"{seen}"

    async def smuggling(self) -> Told:
        """A second request hidden in the body of a first is never answered as one."""
        hidden = b"GET /about HTTP/1.1\r\nHost: x\r\n\r\n"
        seen = []
        for framing in (
            b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
            b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(hidden),
            b"Content-Length: +0\r\n\r\n",
        ):
            request = b"POST /login HTTP/1.1\r\nHost: x\r\n" + framing + hidden
            answer = await self.raw(request)
            seen.append(answer.count(b"HTTP/1.1 200"))
        return not any(seen), f"answers to the hidden request: {seen}"

    async def methods(self) -> Told:
        """Methods that no page has are refused; so is a change of protocol."""
        seen = {}
        for method in ("TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "DEBUG"):
            seen[method], _ = await self.ask(method, "/login")
        upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        seen["websocket"], _ = await self.ask("GET", "/live", upgrade + key)
        return all(
            status in {0, 303, 400, 403, 404, 405, 426} for status in seen.values()
        ), f"{seen}"

    async def strange_hosts(self) -> Told:
        """What a request calls the server, and where a login leads, name no other site."""
        request = b"GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n"
        answer = await self.raw(request + b"Connection: close\r\n\r\n")
        leads = []
        for target in ("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil"):
            _, page = await self.ask("GET", "/login?next=" + urllib.parse.quote(target))
            leads.append(b"evil" in page.split(b"<form", 1)[-1])
        return b"evil.example" not in answer and not any(leads), f"{answer[:60]!r} {leads}"

    async def guessed_passwords(self) -> Told:
        """A rain of guesses opens nothing; who knows the password still gets in."""
        guesses = [self.log_in(password=f"guess number {n}") for n in range(30)]
        seen = await asyncio.gather(*guesses, return_exceptions=True)
        opened = [s for s in seen if isinstance(s, tuple) and s[0] == 303]
        page, _ = await self.ask("GET", "/login")
        return not opened and page == 200, f"{len(seen)} guesses, {len(opened)} opened"

    async def bad_tokens(self) -> Told:
        """The FHIR door opens to no made-up token and no cookie."""
        seen = []
        body = b'{"resourceType":"Bundle","type":"collection"}'
        kind = "Content-Type: application/fhir+json\r\n"
        for given in ("", "Authorization: Bearer x\r\n", "Authorization: Basic eDp4\r\n",
                      "Authorization: Bearer " + "a" * 43 + "\r\n"):  # fmt: skip
            status, _ = await self.ask("POST", "/fhir", kind + given, body)
            seen.append(status)
        return all(status in {401, 403, 404} for status in seen), f"{seen}"


ATTACKS: tuple[Callable[[Attacker], Awaitable[Told]], ...] = (
    Attacker.port_scan, Attacker.slow_connections, Attacker.slow_frames,
    Attacker.tls_downgrade, Attacker.session_fixation, Attacker.forged_forms,
    Attacker.path_traversal, Attacker.bombs, Attacker.log_injection,
    Attacker.oversized_headers, Attacker.smuggling, Attacker.methods,
    Attacker.strange_hosts, Attacker.bad_tokens, Attacker.guessed_passwords,
)  # fmt: skip


async def main() -> None:
    """Try everything, one after another; a line of JSON each."""
    attacker = Attacker(*sys.argv[1:5])
    for attack in ATTACKS:
        began = time.monotonic()
        held, seen = await attack(attacker)
        told = {
            "attack": attack.__name__,  # type: ignore[attr-defined] # they are functions
            "held": held,
            "seen": seen,
            "seconds": round(time.monotonic() - began, 1),
        }
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
