"""What the settings say, what is missing or unsound in them, what the file says otherwise."""

from __future__ import annotations

from litestar import Response, get

from wardkeep.access.permission import Permission
from wardkeep.app.inspection import Finding, Outcome
from wardkeep.web import settings_words
from wardkeep.web.doors import needs
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.settings_port import SettingsLook
from wardkeep.web.settings_told import sections

_ORDER = (Outcome.FAULT, Outcome.WARNING, Outcome.OK)


@get("/settings", opt=needs(Permission.SEE_SETTINGS), sync_to_thread=True)
def settings(screen: Asked) -> Response[bytes]:
    """Show the settings and the last look at them; ?look=now looks anew."""
    found = _look(screen)
    context = {
        "look": found,
        "missing": [each for each in _sorted(found) if each.outcome is not Outcome.OK],
        "sound": [each for each in found.findings if each.outcome is Outcome.OK],
        "sections": sections(screen.deps.site, screen.translate),
        "told": settings_words,
    }
    return screen.page("settings.html", context)


def _look(screen: Screen) -> SettingsLook:
    web = screen.web
    if web.settings_look is None or screen.parameter("look") == "now":
        web.settings_look = web.deps.settings.look()
    return web.settings_look


def _sorted(found: SettingsLook) -> list[Finding]:
    return sorted(found.findings, key=lambda each: _ORDER.index(each.outcome))
