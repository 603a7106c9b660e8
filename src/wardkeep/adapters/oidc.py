"""Single sign-on by OpenID Connect Core 1.0: code flow with PKCE (RFC 7636), never needed.

Rules kept here:
- What is believed is the ID token, signed by the provider's keys, for this client, with the
  nonce of this login; addresses come from the provider's own discovery document.
- Nothing is remembered between logins: a provider that is gone costs this button and no more.
"""

from __future__ import annotations

import base64
import hashlib
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from wardkeep.access.errors import SingleSignOnError
from wardkeep.adapters.clock import steady
from wardkeep.hospital.login import SingleSignOn
from wardkeep.kernel.times import SECOND

_PATIENCE_SECONDS = 5.0
# Discovery, keys and tokens of the usual providers are below 20 kB.
_LARGEST = 256 * 1024
# RFC 8725 3.1: named, so that no token chooses "none" or a shared secret.
_ALGORITHMS = ["RS256", "PS256", "ES256", "Ed25519", "EdDSA"]
_DRIFT_SECONDS = 60


class _Discovered(msgspec.Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One login under way: unguessable texts, kept by the browser that began it."""

    state: str
    nonce: str
    verifier: str


class OidcProvider:
    """The provider that the settings name."""

    def __init__(self, settings: SingleSignOn, redirect: str) -> None:
        """`redirect` is the address of the page to which the provider sends people back."""
        self._settings, self._redirect = settings, redirect

    def begin(self, asked: Asked) -> str:
        """Return the address where the person logs in; raises SingleSignOnError."""
        with self._client() as client:
            found = self._discovered(client)
        digest = hashlib.sha256(asked.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._redirect,
            "scope": "openid profile",
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{found.authorization_endpoint}?{urlencode(query)}"

    def end(self, code: str, asked: Asked, now: int) -> str:
        """Return who logged in: the value of the claim that names an account.

        `now` in UTC microseconds. Raises SingleSignOnError where anything does not fit.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "client_id": self._settings.client_id,
            "code_verifier": asked.verifier,
        }
        with self._client() as client:
            found = self._discovered(client)
            answer = _json(client, "POST", found.token_endpoint, data=form, auth=self._auth())
            keys = _json(client, "GET", found.jwks_uri)
        claims = self._claims(str(answer.get("id_token", "")), keys)
        self._check(claims, asked.nonce, now // SECOND)
        name = claims.get(self._settings.claim)
        if not isinstance(name, str) or not name:
            raise SingleSignOnError(f"the provider does not tell {self._settings.claim!r}")
        return name

    def _claims(self, token: str, keys: Mapping[str, Any]) -> dict[str, Any]:
        try:
            known = KeySet.import_key_set({"keys": list(keys["keys"])})
            return dict(jwt.decode(token, known, algorithms=_ALGORITHMS).claims)
        except (JoseError, ValueError, KeyError, TypeError) as fault:
            raise SingleSignOnError("the provider's token is not signed by its keys") from fault

    def _check(self, claims: Mapping[str, Any], nonce: str, seconds: int) -> None:
        """OpenID Connect Core 1.0, 3.1.3.7: issuer, audience, times, nonce."""
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        expires = claims.get("exp")
        fits = (
            claims.get("iss") == self._settings.issuer
            and self._settings.client_id in audiences
            and claims.get("azp", self._settings.client_id) == self._settings.client_id
            and isinstance(expires, int | float)
            and seconds < expires + _DRIFT_SECONDS
            and bool(nonce)
            and claims.get("nonce") == nonce
        )
        if not fits:
            raise SingleSignOnError("the provider's token is not for this login")

    def _discovered(self, client: httpx.Client) -> _Discovered:
        where = self._settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
        try:
            found = msgspec.convert(_json(client, "GET", where), _Discovered)
        except msgspec.ValidationError as fault:
            raise SingleSignOnError("the provider does not describe itself") from fault
        if found.issuer != self._settings.issuer:
            raise SingleSignOnError("the provider calls itself by another name")
        scheme = self._settings.issuer.split("://", 1)[0] + "://"
        places = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
        if not all(place.startswith(scheme) for place in places):
            raise SingleSignOnError("the provider names addresses without encryption")
        return found

    def _auth(self) -> tuple[str, str] | None:
        path = self._settings.client_secret_file
        if path is None:
            return None
        try:
            return self._settings.client_id, Path(path).read_text().strip()
        except OSError as fault:
            raise SingleSignOnError("the client's secret cannot be read") from fault

    def _client(self) -> httpx.Client:
        trusted = self._settings.certificate_authority
        try:
            verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=trusted)
        except OSError as fault:
            raise SingleSignOnError("certificate_authority cannot be read") from fault
        # No proxy and no netrc of the environment: the settings alone say where to go.
        return httpx.Client(
            timeout=_PATIENCE_SECONDS,
            verify=verify,
            trust_env=False,
            headers={"accept-encoding": "identity"},
        )


def _json(client: httpx.Client, method: str, where: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # httpx's own
    until = steady() + _PATIENCE_SECONDS
    try:
        with client.stream(method, where, **more) as answer:
            answer.raise_for_status()
            content = b""
            # As it came: what was packed again and again would unpack to gigabytes at once.
            for piece in answer.iter_raw():
                content += piece
                if len(content) > _LARGEST or steady() > until:
                    raise SingleSignOnError("the provider's answer is too long")
        return msgspec.json.decode(content, type=dict[str, Any])
    except (httpx.HTTPError, httpx.InvalidURL, msgspec.DecodeError) as fault:
        raise SingleSignOnError("the provider does not answer as it should") from fault
