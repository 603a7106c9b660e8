"""One printer, spoken to by IPP: over TLS, to this machine, or by the socket of its CUPS.

Printing is a request like any other, so nothing of a pack is ever written to a file here. What
CUPS keeps in its spool is taken off it as soon as a job is over (`forget`).
"""

from __future__ import annotations

import getpass
import itertools
import ssl
from urllib.parse import urlsplit

import httpx

from wardkeep.adapters.errors import (
    PrinterBusyError,
    PrinterLostError,
    PrinterRefusedError,
    PrinterSilentError,
)
from wardkeep.hospital.printing import CUPS, Printer, Printing
from wardkeep.wire.errors import IppAnswerError
from wardkeep.wire.ipp import jobs
from wardkeep.wire.ipp.jobs import Job, PrinterFacts
from wardkeep.wire.ipp.message import LARGEST_ANSWER, Answer, decode

_PORT = 631  # RFC 8010, 4
_PATIENCE = httpx.Timeout(10.0, connect=3.0)
# A printer takes a pack of 200 pages at the speed of its memory, some at that of its paper.
_SENDING = httpx.Timeout(120.0, connect=3.0)
_SIDES = {"one-sided": "one-sided", "two-sided": "two-sided-long-edge"}
_NOT_FOUND = 0x0406
"""client-error-not-found (RFC 8011, B.1.4.7): the printer has forgotten the job."""
_NOT_NOW = {0x0505, 0x0506, 0x0507}
"""server-error-temporary-error, -not-accepting-jobs, -busy (RFC 8011, B.1.5)."""


class IppPrinter:
    """A printer of the settings; one thread at a time may use it.

    Every method raises PrinterSilentError where nothing answers, PrinterRefusedError where the
    printer says no, IppAnswerError where what answers speaks no IPP.
    """

    def __init__(self, printer: Printer, printing: Printing) -> None:
        self._printer = printer
        self._is_cups = printer.uri.startswith(f"{CUPS}:")
        self._uri, self._address = _addresses(printer.uri)
        self._client = httpx.Client(
            transport=_transport(printer, printing.cups_socket, is_cups=self._is_cups),
            headers={"content-type": "application/ipp", **_who(is_cups=self._is_cups)},
            follow_redirects=False,
        )
        self._numbers = itertools.count(1)

    def facts(self) -> PrinterFacts:
        """Return what the printer says of itself."""
        return jobs.facts_of(self._ask(jobs.ask_printer(self._uri, request=self._next())))

    def send(self, name: str, pdf: bytes) -> Job:
        """Have a PDF printed under a name; raises PrinterLostError if it may have been taken.

        Nothing was sent where PrinterSilentError or PrinterRefusedError is raised.
        """
        sides, facts = _SIDES[self._printer.sides], self.facts()
        request = jobs.print_job(self._uri, name, pdf, facts, sides=sides, request=self._next())
        try:
            answer = self._exchange(request, _SENDING)
        except (httpx.ConnectError, httpx.ConnectTimeout) as fault:
            raise self._silent(fault) from fault
        except (httpx.HTTPError, IppAnswerError) as fault:
            told = f"{self._printer.name}: {type(fault).__name__} while a job was sent"
            raise PrinterLostError(told) from fault
        return jobs.job_of(self._granted(answer))

    def job(self, number: int) -> Job | None:
        """Return what the printer says of a job, None where it has forgotten it."""
        answer = self._answer(jobs.ask_job(self._uri, number, request=self._next()))
        return None if answer.status == _NOT_FOUND else jobs.job_of(self._granted(answer))

    def find(self, name: str) -> Job | None:
        """Return the job of a name that the printer has or had, None where it knows of none."""
        for over in (False, True):
            answer = self._ask(jobs.ask_jobs(self._uri, over=over, request=self._next()))
            for job in jobs.jobs_of(answer):
                if job.name == name:
                    return job
        return None

    def forget(self, number: int) -> bool:
        """End a job; CUPS takes its files off the spool. False where the printer will not."""
        request = jobs.cancel_job(self._uri, number, purge=self._is_cups, request=self._next())
        return self._answer(request).succeeded

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _next(self) -> int:
        return next(self._numbers)

    def _ask(self, request: bytes) -> Answer:
        return self._granted(self._answer(request))

    def _answer(self, request: bytes) -> Answer:
        try:
            return self._exchange(request, _PATIENCE)
        except httpx.HTTPError as fault:
            raise self._silent(fault) from fault

    def _exchange(self, request: bytes, patience: httpx.Timeout) -> Answer:
        asked = self._client.stream("POST", self._address, content=request, timeout=patience)
        with asked as answer:
            if answer.status_code != httpx.codes.OK:
                raise PrinterRefusedError(
                    f"{self._printer.name}: HTTP {answer.status_code} from the printer"
                )
            taken = bytearray()
            for piece in answer.iter_raw():
                taken += piece
                if len(taken) > LARGEST_ANSWER:
                    raise IppAnswerError("the answer of a printer is too long")
        return decode(bytes(taken))

    def _granted(self, answer: Answer) -> Answer:
        if answer.succeeded:
            return answer
        kind = PrinterBusyError if answer.status in _NOT_NOW else PrinterRefusedError
        raise kind(f"{self._printer.name}: IPP status 0x{answer.status:04x}")

    def _silent(self, fault: Exception) -> PrinterSilentError:
        return PrinterSilentError(
            f"{self._printer.name}: {type(fault).__name__} at {self._printer.uri}"
        )


def _addresses(uri: str) -> tuple[str, str]:
    """Return what a printer is called in IPP, and where HTTP reaches it."""
    scheme, _, rest = uri.partition(":")
    if scheme == CUPS:
        return f"ipp://localhost/printers/{rest}", f"http://localhost/printers/{rest}"
    parts = urlsplit(uri)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    place = f"{host}:{parts.port or _PORT}{parts.path or '/ipp/print'}"
    return f"{scheme}://{place}", f"{'https' if scheme == 'ipps' else 'http'}://{place}"


def _transport(printer: Printer, cups_socket: str, *, is_cups: bool) -> httpx.HTTPTransport:
    if is_cups:
        return httpx.HTTPTransport(uds=cups_socket)
    if not printer.uri.startswith("ipps:"):
        return httpx.HTTPTransport()
    context = ssl.create_default_context(cafile=printer.certificate)
    if printer.certificate is not None:
        # The certificate itself is what is trusted: printers make their own, under any name.
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return httpx.HTTPTransport(verify=context)


def _who(*, is_cups: bool) -> dict[str, str]:
    """Return the header by which CUPS knows who sits at the other end of its socket."""
    return {"authorization": f"PeerCred {getpass.getuser()}"} if is_cups else {}
