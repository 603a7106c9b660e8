"""Against a provider that really speaks OpenID Connect, on loopback."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from wardkeep.access.errors import SingleSignOnError
from wardkeep.adapters.oidc import Asked, OidcProvider
from wardkeep.hospital.login import SingleSignOn

NOW = 1_772_853_120_000_000
REDIRECT = "https://wardkeep.val.example/oidc/return"
ASKED = Asked(state="s", nonce="n", verifier="v" * 43)


class Provider:
    """Discovery, keys and tokens; `claims` is what the next token says beside the usual."""

    def __init__(self) -> None:
        self.key = self.signs = ECKey.generate_key("P-256", {"kid": "1", "use": "sig"})
        self.claims: dict[str, Any] = {}
        self.document: dict[str, str] = {}
        self.is_packed = False
        self.challenge, self.asked = "", list[tuple[str, str]]()
        provider = self

        class Pages(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/.well-known/openid-configuration":
                    self._say(provider.discovery())
                else:
                    self._say({"keys": [provider.key.as_dict(private=False)]})

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                authorization = self.headers.get("authorization", "")
                provider.asked.append((authorization, form["redirect_uri"][0]))
                digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
                fits = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
                if fits != provider.challenge or form["code"] != ["code"]:
                    self.send_error(400)
                    return
                self._say({"id_token": provider.token(), "access_token": "a"})

            def _say(self, told: object) -> None:
                self.send_response(200)
                content = json.dumps(told).encode()
                if provider.is_packed:
                    self.send_header("content-encoding", "gzip, gzip")
                    content = gzip.compress(gzip.compress(content))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def discovery(self) -> dict[str, str]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.document,
        }

    def token(self) -> str:
        usual = {
            "iss": self.issuer,
            "aud": "wardkeep",
            "sub": "77",
            "nonce": "n",
            "iat": NOW // 1_000_000,
            "exp": NOW // 1_000_000 + 300,
            "preferred_username": "anna",
        }
        return jwt.encode({"alg": "ES256", "kid": "1"}, {**usual, **self.claims}, self.signs)


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    thread = Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def client(provider: Provider, secret: Path | None = None) -> OidcProvider:
    path = str(secret) if secret else None
    settings = SingleSignOn(
        issuer=provider.issuer, client_id="wardkeep", client_secret_file=path
    )
    return OidcProvider(settings, REDIRECT)


def logged_in(provider: Provider, secret: Path | None = None) -> str:
    mine = client(provider, secret)
    query = parse_qs(urlsplit(mine.begin(ASKED)).query)
    provider.challenge = query["code_challenge"][0]
    assert query["code_challenge_method"] == ["S256"]
    assert (query["state"], query["nonce"]) == (["s"], ["n"])
    return mine.end("code", ASKED, NOW)


def test_whoever_logged_in_there_is_named_and_the_secret_stays_out_of_addresses(
    provider: Provider, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("quiet\n")
    assert logged_in(provider, secret) == "anna"
    basic = base64.b64encode(b"wardkeep:quiet").decode()
    assert provider.asked == [(f"Basic {basic}", REDIRECT)]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["wardkeep", "x"], "azp": "x"},
        {"nonce": "other"},
        {"exp": NOW // 1_000_000 - 3600},
        {"exp": "never"},
        {"preferred_username": 7},
        {"preferred_username": ""},
    ],
)
def test_a_token_that_is_not_of_this_login_opens_nothing(
    provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    with pytest.raises(SingleSignOnError):
        logged_in(provider)


def test_a_token_that_somebody_else_signed_opens_nothing(provider: Provider) -> None:
    provider.signs = ECKey.generate_key("P-256", {"kid": "1"})
    with pytest.raises(SingleSignOnError, match="not signed"):
        logged_in(provider)


@pytest.mark.parametrize(
    "document",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "ftp://x"}, {"jwks_uri": ""}],
)
def test_a_provider_that_describes_itself_falsely_is_not_believed(
    provider: Provider, document: dict[str, str]
) -> None:
    provider.document = document
    with pytest.raises(SingleSignOnError):
        logged_in(provider)


def test_another_verifier_than_that_of_the_browser_that_began_gets_no_token(
    provider: Provider,
) -> None:
    provider.challenge = "other"
    with pytest.raises(SingleSignOnError):
        client(provider).end("code", ASKED, NOW)


def test_what_a_provider_packed_is_not_unpacked(provider: Provider) -> None:
    provider.is_packed = True
    with pytest.raises(SingleSignOnError):
        client(provider).begin(ASKED)


def test_a_provider_that_is_gone_is_one_error() -> None:
    settings = SingleSignOn(issuer="http://127.0.0.1:1", client_id="wardkeep")
    with pytest.raises(SingleSignOnError):
        OidcProvider(settings, REDIRECT).begin(ASKED)
