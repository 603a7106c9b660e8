"""A real CUPS and a real IPP printer in a folder of the test's own, on ports of its own.

The printer is CUPS's `ippeveprinter`. It wants a message bus to announce itself by, and gets
one that nobody else is on: nothing is announced. What it prints it puts into a folder, sheet
by sheet, and it can be made to jam.
"""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typst
from tests.stories.site_server import PATIENCE_SECONDS, await_that, free_port

from wardkeep.hospital.printing import Printer, Printing

_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>
"""
_CUPSD = """Listen {folder}/cups.sock
LogLevel debug
MaxLogSize 0
PreserveJobFiles No
Browsing No
WebInterface No
DefaultAuthType Basic
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
JobPrivateAccess default
JobPrivateValues default
<Limit Cancel-Job>
Require user @OWNER @SYSTEM
Order deny,allow
</Limit>
<Limit All>
Order deny,allow
</Limit>
</Policy>
"""
_FILES = """ServerRoot {folder}/root
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/state
ErrorLog {folder}/log/error
AccessLog {folder}/log/access
PageLog {folder}/log/page
SystemGroup root lpadmin
User lp
Group lp
"""
# Prints a sheet at a time; jams for as long as a file `jam` holds the number of the sheet.
_ENGINE = """#!/bin/sh
pages=$(pdfinfo "$1" | sed -n 's/^Pages: *//p')
n=0
echo begun >> "{folder}/tray/$IPP_JOB_NAME.begun"
while [ $n -lt "$pages" ]; do
  while [ "$(cat {folder}/jam 2>/dev/null)" = $n ]; do sleep 0.02; done
  if [ "$(cat {folder}/break 2>/dev/null)" = $n ]; then exit 1; fi
  n=$((n + 1))
  [ -e {folder}/mute ] || echo "ATTR: job-impressions-completed=$n" >&2
  echo "$n" > "{folder}/tray/$IPP_JOB_NAME.sheets"
done
cp "$1" "{folder}/tray/$IPP_JOB_NAME.pdf"
"""


class PrintRoom:
    """One printer, and a CUPS with the queue `paper` that leads to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        for name in ("tray", "prints", "spool/tmp", "root/ppd", "cache", "state", "log"):
            (folder / name).mkdir(parents=True)
        folder.chmod(0o755)
        engine = folder / "engine"
        engine.write_text(_ENGINE.format(folder=folder))
        engine.chmod(0o755)

    @property
    def direct(self) -> Printer:
        """The printer, reached by IPP without a spooler."""
        uri = f"ipp://localhost:{self.port}/ipp/print"
        return Printer(name="direct", uri=uri, wards=("4B",))

    @property
    def encrypted(self) -> Printer:
        """The printer, reached by TLS, trusted by the certificate that it made itself."""
        certificate = self.folder / "printer.pem"
        shown = ssl.get_server_certificate(("localhost", self.port))
        certificate.write_text(shown)
        uri = f"ipps://localhost:{self.port}/ipp/print"
        return Printer(name="encrypted", uri=uri, wards=("4B",), certificate=str(certificate))

    @property
    def queued(self) -> Printer:
        """The printer, reached through the CUPS of this machine."""
        return Printer(name="queued", uri="cups:paper", wards=("4B",))

    @property
    def printing(self) -> Printing:
        """Settings that lead to this CUPS."""
        return Printing(cups_socket=str(self.folder / "cups.sock"))

    def start_printer(self) -> None:
        """Switch the printer on; return when it answers."""
        (self.folder / "tls").mkdir(exist_ok=True)
        self._run("bus", ["dbus-daemon", "--nofork", "--nopidfile", self._bus()])
        self.await_that((self.folder / "bus").exists)
        words = [
            "/usr/sbin/ippeveprinter",
            "-p",
            str(self.port),
            "-n",
            "localhost",
            "-r",
            "off",
        ]
        words += ["-f", "application/pdf", "-d", str(self.folder / "prints")]
        words += ["-K", str(self.folder / "tls"), "-c", str(self.folder / "engine"), "Paper"]
        self._run("printer", words, DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={self.folder}/bus")
        self.await_that(self._answers)

    def stop_printer(self) -> None:
        """Switch the printer off at once, in the middle of whatever it does."""
        self._end("printer")

    def start_cups(self) -> None:
        """Start CUPS with the queue; return when it takes jobs."""
        for name, text in (("cupsd.conf", _CUPSD), ("cups-files.conf", _FILES)):
            (self.folder / name).write_text(text.format(folder=self.folder))
        if os.getuid() == 0:
            shutil.chown(self.folder / "spool/tmp", "lp", "lp")
        conf, files = (self.folder / name for name in ("cupsd.conf", "cups-files.conf"))
        self._run("cups", ["/usr/sbin/cupsd", "-f", "-c", str(conf), "-s", str(files)])
        self.await_that((self.folder / "cups.sock").exists)
        uri = f"ipp://localhost:{self.port}/ipp/print"
        words = ["/usr/sbin/lpadmin", "-p", "paper", "-E", "-v", uri, "-m", "everywhere"]
        env = {**os.environ, "CUPS_SERVER": str(self.folder / "cups.sock")}
        # Again where CUPS does not listen yet, or has not asked the printer in its own time.
        self.await_that(
            lambda: (
                not subprocess.run(words, check=False, env=env, capture_output=True).returncode
            )
        )

    def jam(self, sheet: int | None) -> None:
        """Let no sheet after this one come out; None clears the jam."""
        self._control("jam", sheet)

    def break_after(self, sheet: int | None) -> None:
        """Let the printer end a job with an error after this sheet."""
        self._control("break", sheet)

    def mute(self) -> None:
        """Let the printer count no sheets, as some do."""
        self._control("mute", 1)

    def sheets(self, name: str) -> int:
        """Return how many sheets of a job lie in the tray."""
        path = self.folder / "tray" / f"{name}.sheets"
        return int(path.read_text() or 0) if path.exists() else 0

    def times(self, name: str) -> int:
        """Return how often a job was printed: CUPS sends one again whose outcome it lost."""
        found = (self.folder / "tray").glob(f"*{name}*.begun")
        return sum(path.read_text().count("begun") for path in found)

    def printed(self, name: str) -> bytes | None:
        """Return what came out whole under a name, None if nothing did."""
        path = self.folder / "tray" / f"{name}.pdf"
        return path.read_bytes() if path.exists() else None

    def spooled(self) -> list[Path]:
        """Return the documents that CUPS still has in its spool."""
        return sorted((self.folder / "spool").glob("d*"))

    def cups_said(self) -> str:
        """Return the end of what CUPS wrote of its jobs: why it sent one twice."""
        return (self.folder / "log" / "error").read_text(errors="replace")[-20_000:]

    def close(self) -> None:
        """End everything that was started here."""
        for name in list(self._running):
            self._end(name)

    def await_that(self, holds: Callable[[], bool]) -> None:
        """Return when something holds."""
        try:
            await_that(holds)
        except AssertionError as fault:
            raise AssertionError((self.folder / "said").read_text()) from fault

    def _bus(self) -> str:
        path = self.folder / "bus.conf"
        path.write_text(_BUS.format(folder=self.folder))
        return f"--config-file={path}"

    def _answers(self) -> bool:
        test = "/usr/share/cups/ipptool/get-printer-attributes.test"
        uri = f"ipp://localhost:{self.port}/ipp/print"
        done = subprocess.run(["ipptool", "-q", uri, test], capture_output=True, check=False)
        return done.returncode == 0

    def _control(self, name: str, sheet: int | None) -> None:
        if sheet is None:
            (self.folder / name).unlink(missing_ok=True)
        else:
            (self.folder / name).write_text(str(sheet))

    def _run(self, name: str, words: list[str], **more: str) -> None:
        if name in self._running:
            return
        with (self.folder / "said").open("a") as said:
            self._running[name] = subprocess.Popen(
                words, stdout=said, stderr=said, env={**os.environ, **more}
            )

    def _end(self, name: str) -> None:
        process = self._running.pop(name)
        process.kill()
        process.wait(PATIENCE_SECONDS)


@contextmanager
def print_room() -> Iterator[PrintRoom]:
    """A print room in a short path that CUPS's own user may enter; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="wk-print-", ignore_cleanup_errors=True) as made:
        room = PrintRoom(Path(made))
        try:
            yield room
        finally:
            room.close()


def pages(count: int) -> bytes:
    """Return a PDF of so many pages."""
    return bytes(typst.compile(b"\n#pagebreak()\n".join(b"Sheet %d" % n for n in range(count))))
