"""How a site lets people in: the settings tables `[login]` and `[oidc]`."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

RoleName: TypeAlias = Literal[
    "nurse", "physician", "pharmacist", "laboratory", "it", "lead", "auditor"
]


class Login(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Choices of the site about logging in."""

    second_factor_roles: tuple[RoleName, ...] = ("it", "lead")
    """Who may hold one of these logs in with a security key or an app's code as well."""
    pin_from: Literal["ward_pcs", "anywhere", "nowhere"] = "ward_pcs"
    """Where badge and PIN open a session: 6 digits are too few to be tried from anywhere."""
    lock_after_minutes: int = 10
    """A screen left alone is covered, 0 for never."""
    end_after_minutes: int = 30
    """A screen left alone is logged out (OWASP Session Management: 15 to 30 minutes)."""
    longest_hours: int = 13
    """The longest session: a long shift."""
    glass_minutes: int = 30
    """How long patients are open to whoever broke the glass."""


class SingleSignOn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A provider of OpenID Connect that may be used in normal times, and is never needed."""

    issuer: str
    client_id: str
    client_secret_file: str | None = None
    """A file that holds the secret, 0600; none for a public client (PKCE is always used)."""
    certificate_authority: str | None = None
    """PEM: who signed the provider's certificate, where it is not a public authority."""
    claim: str = "preferred_username"
    """The claim that names the account here; accounts are never made by it."""
    roles: tuple[RoleName, ...] = ("nurse", "physician", "pharmacist", "laboratory")
    """Whom it may log in: accounts whose roles are all of these. Whoever rules the directory
    behind the provider rules these accounts, so none that runs the site is among them."""
    label: str = ""
    """What the button says after "Log in by"; the issuer's name where it is empty."""
