"""Who may open which page: every route names what it needs, and one that does not is shut."""

from __future__ import annotations

from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

from wardkeep.access.permission import Permission
from wardkeep.web.security import from_another_site
from wardkeep.web.sessions import Step

PUBLIC: Final[dict[str, Any]] = {"door": "public"}
"""For routes that a person needs before logging in."""
HALF: Final[dict[str, Any]] = {"door": "half"}
"""For routes of somebody who owes the second factor, or whose screen is covered."""
ENROL: Final[dict[str, Any]] = {"door": "enrol"}
"""For routes where second factors are set up: whoever is logged in, or must set one up."""


class LoginNeededError(HTTPException):
    """The page is for people who logged in; the answer leads to the login form."""

    status_code = 401


class StepNeededError(HTTPException):
    """Something is owed before the page: the answer leads to where it is given."""

    status_code = 401

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place


def needs(permission: Permission) -> dict[str, Any]:
    """Return the option of a route that only holders of the permission may open."""
    return {"door": permission}


def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let the visitor pass or raise one of LoginNeeded-, StepNeeded-, PermissionDenied-.

    A form that another site sends is refused whatever it carries.
    """
    method = connection.scope.get("method", "GET")
    if method not in {"GET", "HEAD"} and from_another_site(connection):
        raise PermissionDeniedException("another site")
    door = handler.opt.get("door")
    if door == "public":
        return
    visitor = connection.state.visitor
    if visitor.account is None:
        raise LoginNeededError
    if door == "half" or (door == "enrol" and visitor.session.step is Step.ENROL):
        return
    if visitor.session.step is not Step.NONE:
        raise StepNeededError("/factors" if visitor.session.step is Step.ENROL else "/factor")
    if visitor.covered:
        raise StepNeededError("/locked")
    wanted = Permission.SEE_OWN_ACCOUNT if door == "enrol" else door
    if wanted not in visitor.may:
        raise PermissionDeniedException("role")
