"""FIDO2 security keys as a second factor (W3C WebAuthn Level 2); needs no connection anywhere.

Rules kept here:
- A key is bound to one name (the relying party's id): the site's `web_name`, else `localhost`.
- No attestation is asked: it would name makers and models, and verifying it needs the internet.
- A key must be touched; its own PIN is asked where it has one. The password came before.
"""

from __future__ import annotations

import msgspec
import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wardkeep.access.errors import SecurityKeyRefusedError
from wardkeep.access.state import SecurityKey

_HTTPS = 443


class RelyingParty(msgspec.Struct, frozen=True):
    """For which name keys are registered, and from which addresses pages may ask for them."""

    id: str
    name: str
    origins: tuple[str, ...]


def relying_party(web_name: str, site: str, port: int) -> RelyingParty:
    """Return who keys are registered with: `web_name`, or localhost where a site has none.

    A port that another machine leads to (443) is taken as well as the server's own.
    """
    host = web_name or "localhost"
    origins = [f"https://{host}", f"https://{host}:{port}"]
    if host == "localhost":
        # A secure context though it is plain HTTP (W3C Secure Contexts 3.1).
        origins.append(f"http://localhost:{port}")
    return RelyingParty(host, site, tuple(origins))


def registration_options(
    party: RelyingParty, account: str, full_name: str, challenge: bytes, known: list[str]
) -> str:
    """Return as JSON what a page hands to navigator.credentials.create; `known` key ids."""
    made = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_name=account,
        user_id=account.encode(),
        user_display_name=full_name or account,
        challenge=challenge,
        exclude_credentials=_descriptors(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return webauthn.options_to_json(made)


def registered_key(
    party: RelyingParty, answer: str, challenge: bytes, label: str
) -> SecurityKey:
    """Return the key that answered a registration; raises SecurityKeyRefusedError."""
    if not challenge:
        raise SecurityKeyRefusedError("no key was asked for, or it was asked for once already")
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise SecurityKeyRefusedError(f"the key was not registered: {fault}") from fault
    return SecurityKey(
        credential=bytes_to_base64url(found.credential_id),
        public_key=bytes_to_base64url(found.credential_public_key),
        label=label,
    )


def authentication_options(
    party: RelyingParty, challenge: bytes, keys: tuple[SecurityKey, ...]
) -> str:
    """Return as JSON what a page hands to navigator.credentials.get."""
    made = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        allow_credentials=_descriptors([key.credential for key in keys]),
    )
    return webauthn.options_to_json(made)


def key_fits(
    party: RelyingParty, answer: str, challenge: bytes, keys: tuple[SecurityKey, ...]
) -> SecurityKey:
    """Return which of an account's keys signed the challenge; raises SecurityKeyRefusedError.

    Counters of signatures are not kept: keys of today send 0 or share one (WebAuthn 6.1.1), and
    a cloned key still needs the password.
    """
    if not challenge:
        raise SecurityKeyRefusedError("no key was asked for, or it was asked for once already")
    try:
        named = str(msgspec.json.decode(answer)["id"])
        key = next(each for each in keys if each.credential == named)
        webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=0,
        )
    except StopIteration as fault:
        raise SecurityKeyRefusedError("this key is not registered for the account") from fault
    except (WebAuthnException, msgspec.DecodeError, ValueError, KeyError, TypeError) as fault:
        raise SecurityKeyRefusedError(f"the key did not fit: {fault}") from fault
    return key


def _descriptors(ids: list[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in ids]
