"""What is asked of a printer, and what it says of itself and of a job (RFC 8011, 4 and 5).

Rules kept here:
- A job is one-sided, unless its printer is set otherwise: a patient must never stand on the
  back of another's sheet. What is asked must be kept (ipp-attribute-fidelity): a printer that
  cannot print so refuses the job rather than printing it otherwise.
- No document is scaled, none gets a banner page, where the printer knows of such things.
- The name of a job is the number of its order and nothing of a ward or a patient: names stand
  on the printer's own display and in its journal.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec

from wardkeep.wire.errors import IppAnswerError
from wardkeep.wire.ipp.message import Answer, Attribute, Group, Tag, Value, encode

USER = "wardkeep"
_MOST_JOBS = 500
# Reasons of a job that ended and did not come out whole (RFC 8011, 5.3.8).
_TROUBLE = {"job-completed-with-errors", "document-format-error", "unsupported-document-format"}


class Operation(IntEnum):
    """Operations of RFC 8011, 5.4.15."""

    PRINT_JOB = 0x0002
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


class JobState(IntEnum):
    """States of a job (RFC 8011, 5.3.7)."""

    PENDING = 3
    PENDING_HELD = 4
    PROCESSING = 5
    PROCESSING_STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class PrinterState(IntEnum):
    """States of a printer (RFC 8011, 5.4.11)."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What a printer says of a job. `sheets`: counted so far, None where it does not count."""

    number: int
    name: str = ""
    state: int = JobState.PENDING
    sheets: int | None = None
    reasons: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether the printer will do nothing more of it."""
        return self.state in {JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED}

    @property
    def is_complete(self) -> bool:
        """Whether the printer says that it did all of it, without an error."""
        return self.state == JobState.COMPLETED and not _TROUBLE.intersection(self.reasons)

    @property
    def told(self) -> str:
        """The printer's reasons, as it words them."""
        return ", ".join(self.reasons)


class PrinterFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a printer says of itself; `pages_a_minute` None where it does not."""

    state: int = PrinterState.IDLE
    accepts: bool = True
    reasons: tuple[str, ...] = ()
    pages_a_minute: int | None = None
    sides: tuple[str, ...] = ()
    scaling: tuple[str, ...] = ()
    banners: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


_JOB = ("job-id", "job-name", "job-state", "job-state-reasons", "job-media-sheets-completed")
_JOB_ASKED = (*_JOB, "job-impressions-completed")
_PRINTER_ASKED = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "pages-per-minute",
    "sides-supported",
    "print-scaling-supported",
    "job-sheets-supported",
    "document-format-supported",
)


def print_job(
    uri: str, name: str, pdf: bytes, facts: PrinterFacts, *, sides: str, request: int
) -> bytes:
    """Return the request that prints a PDF on `sides` of the paper ("one-sided")."""
    operation = [
        *_opening(uri),
        Attribute("job-name", Tag.NAME, (name,)),
        Attribute("ipp-attribute-fidelity", Tag.BOOLEAN, (True,)),
        Attribute("document-format", Tag.MIME, ("application/pdf",)),
    ]
    wanted = [
        ("sides", sides, True),
        ("print-scaling", "none", "none" in facts.scaling),
        ("job-sheets", "none", "none" in facts.banners),
    ]
    job = [Attribute(name, Tag.KEYWORD, (value,)) for name, value, known in wanted if known]
    groups = [(Group.OPERATION, operation), (Group.JOB, job)]
    return encode(Operation.PRINT_JOB, request, groups, pdf)


def ask_printer(uri: str, *, request: int) -> bytes:
    """Return the request for what a printer says of itself."""
    asked = Attribute("requested-attributes", Tag.KEYWORD, _PRINTER_ASKED)
    groups = [(Group.OPERATION, [*_opening(uri), asked])]
    return encode(Operation.GET_PRINTER_ATTRIBUTES, request, groups)


def ask_job(uri: str, job: int, *, request: int) -> bytes:
    """Return the request for what a printer says of one job."""
    attributes = [
        *_opening(uri, job),
        Attribute("requested-attributes", Tag.KEYWORD, _JOB_ASKED),
    ]
    return encode(Operation.GET_JOB_ATTRIBUTES, request, [(Group.OPERATION, attributes)])


def ask_jobs(uri: str, *, over: bool, request: int) -> bytes:
    """Return the request for the printer's jobs, those that are over or the others."""
    attributes = [
        *_opening(uri),
        Attribute("limit", Tag.INTEGER, (_MOST_JOBS,)),
        Attribute("requested-attributes", Tag.KEYWORD, _JOB_ASKED),
        Attribute("which-jobs", Tag.KEYWORD, ("completed" if over else "not-completed",)),
    ]
    return encode(Operation.GET_JOBS, request, [(Group.OPERATION, attributes)])


def cancel_job(uri: str, job: int, *, purge: bool, request: int) -> bytes:
    """Return the request that ends a job; `purge` (CUPS) takes its files off the spool too."""
    attributes = _opening(uri, job)
    if purge:
        attributes.append(Attribute("purge-job", Tag.BOOLEAN, (True,)))
    return encode(Operation.CANCEL_JOB, request, [(Group.OPERATION, attributes)])


def _opening(uri: str, job: int | None = None) -> list[Attribute]:
    """Return what every request begins with, in the order of RFC 8011, 4.1.4 to 4.1.7."""
    target = [Attribute("printer-uri", Tag.URI, (uri,))]
    if job is not None:
        target.append(Attribute("job-id", Tag.INTEGER, (job,)))
    return [
        Attribute("attributes-charset", Tag.CHARSET, ("utf-8",)),
        Attribute("attributes-natural-language", Tag.LANGUAGE, ("en",)),
        *target,
        Attribute("requesting-user-name", Tag.NAME, (USER,)),
    ]


def job_of(answer: Answer) -> Job:
    """Return the job that an answer tells of; raises IppAnswerError where it tells of none."""
    found = jobs_of(answer)
    if not found:
        raise IppAnswerError("the printer took a job and gave it no number")
    return found[0]


def jobs_of(answer: Answer) -> list[Job]:
    """Return the jobs that an answer tells of; those without a number are left out."""
    told = [_job(values) for values in answer.of(Group.JOB)]
    return [job for job in told if job.number > 0]


def _job(values: dict[str, tuple[Value, ...]]) -> Job:
    counted = _integer(values, "job-media-sheets-completed")
    if counted is None:
        # One side a sheet: what was printed on one side is a sheet (RFC 8011, 5.3.18.2).
        counted = _integer(values, "job-impressions-completed")
    return Job(
        number=_integer(values, "job-id") or 0,
        name=_words(values, "job-name")[0] if _words(values, "job-name") else "",
        state=_integer(values, "job-state") or JobState.PENDING,
        sheets=counted,
        reasons=_words(values, "job-state-reasons"),
    )


def facts_of(answer: Answer) -> PrinterFacts:
    """Return what a printer says of itself; raises IppAnswerError where it says nothing."""
    groups = answer.of(Group.PRINTER)
    if not groups:
        raise IppAnswerError("the printer says nothing of itself")
    values = groups[0]
    accepts = values.get("printer-is-accepting-jobs", (True,))
    return PrinterFacts(
        state=_integer(values, "printer-state") or PrinterState.IDLE,
        accepts=accepts[0] is not False,
        reasons=tuple(w for w in _words(values, "printer-state-reasons") if w != "none"),
        pages_a_minute=_integer(values, "pages-per-minute"),
        sides=_words(values, "sides-supported"),
        scaling=_words(values, "print-scaling-supported"),
        banners=_words(values, "job-sheets-supported"),
        formats=_words(values, "document-format-supported"),
    )


def _integer(values: dict[str, tuple[Value, ...]], name: str) -> int | None:
    found = values.get(name, ())
    first = found[0] if found else None
    return first if isinstance(first, int) and not isinstance(first, bool) else None


def _words(values: dict[str, tuple[Value, ...]], name: str) -> tuple[str, ...]:
    return tuple(each for each in values.get(name, ()) if isinstance(each, str))
