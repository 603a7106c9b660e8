"""The process that lets followers copy the ledgers; it writes none of them."""

from __future__ import annotations

import sys

from wardkeep.adapters.copies_server import CopiesServer
from wardkeep.app.child import Stop, run_child, say_ready
from wardkeep.app.copies_desk import CopiesDesk
from wardkeep.app.errors import SettingsError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.site_keys import open_keys
from wardkeep.hospital.site import Site


async def _serve(folder: HospitalFolder, site: Site, stop: Stop) -> None:
    if site.copies is None:
        raise SettingsError("wardkeep.toml has no table [copies]: nobody may follow this box")
    desk = CopiesDesk(folder, site, open_keys(folder))
    context = desk.identity.server_context()
    server = CopiesServer(site.copies.host, site.copies.port, context, desk)
    await server.start()
    say_ready()
    await stop.wait()
    await server.close()


if __name__ == "__main__":
    sys.exit(run_child(_serve))
