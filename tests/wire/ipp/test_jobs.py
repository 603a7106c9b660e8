from __future__ import annotations

import pytest

from wardkeep.wire.errors import IppAnswerError
from wardkeep.wire.ipp.jobs import (
    JobState,
    PrinterFacts,
    PrinterState,
    facts_of,
    job_of,
    jobs_of,
    print_job,
)
from wardkeep.wire.ipp.message import Answer, Attribute, Group, Tag, Value, decode, encode

URI = "ipp://localhost/ipp/print"


def asked(facts: PrinterFacts) -> dict[str, tuple[Value, ...]]:
    sent = print_job(URI, "4XQ0", b"%PDF", facts, sides="one-sided", request=1)
    assert sent.endswith(b"%PDF")
    answer = decode(sent)
    return answer.of(Group.OPERATION)[0] | answer.of(Group.JOB)[0]


def told(*attributes: Attribute, group: Group = Group.JOB) -> Answer:
    return decode(encode(0, 1, [(group, attributes)]))


def number(name: str, value: int) -> Attribute:
    return Attribute(name, Tag.ENUM if name.endswith("state") else Tag.INTEGER, (value,))


def test_a_job_is_on_one_side_and_the_printer_must_keep_to_it() -> None:
    attributes = asked(PrinterFacts())
    assert attributes["sides"] == ("one-sided",)
    assert attributes["ipp-attribute-fidelity"] == (True,)
    assert attributes["job-name"] == ("4XQ0",)


def test_what_a_printer_does_not_know_is_not_asked_of_it() -> None:
    assert {"print-scaling", "job-sheets"}.isdisjoint(asked(PrinterFacts()))
    knows = PrinterFacts(scaling=("auto", "none"), banners=("none", "standard"))
    attributes = asked(knows)
    assert attributes["print-scaling"] == attributes["job-sheets"] == ("none",)


def test_sheets_are_what_the_printer_counts_and_never_guessed() -> None:
    job = job_of(told(number("job-id", 4), number("job-media-sheets-completed", 3)))
    assert (job.number, job.sheets) == (4, 3)
    sides = job_of(told(number("job-id", 4), number("job-impressions-completed", 2)))
    assert sides.sheets == 2
    assert job_of(told(number("job-id", 4))).sheets is None


@pytest.mark.parametrize(
    ("state", "reasons", "over", "complete"),
    [
        (JobState.PROCESSING, ("job-printing",), False, False),
        (JobState.COMPLETED, ("job-completed-successfully",), True, True),
        (JobState.COMPLETED, ("job-completed-with-errors",), True, False),
        (JobState.ABORTED, ("aborted-by-system",), True, False),
        (JobState.CANCELED, ("job-canceled-at-device",), True, False),
    ],
)
def test_a_job_is_complete_only_where_the_printer_says_so_without_an_error(
    state: JobState, reasons: tuple[str, ...], over: bool, complete: bool
) -> None:
    job = job_of(
        told(
            number("job-id", 1),
            number("job-state", state),
            Attribute("job-state-reasons", Tag.KEYWORD, reasons),
        )
    )
    assert (job.is_over, job.is_complete, job.told) == (over, complete, reasons[0])


def test_a_job_without_a_number_is_none() -> None:
    with pytest.raises(IppAnswerError):
        job_of(told(number("job-state", 9)))
    assert jobs_of(told()) == []


def test_a_printer_says_how_it_is() -> None:
    facts = facts_of(
        told(
            number("printer-state", PrinterState.STOPPED),
            Attribute("printer-state-reasons", Tag.KEYWORD, ("media-empty-error",)),
            Attribute("printer-is-accepting-jobs", Tag.BOOLEAN, (False,)),
            number("pages-per-minute", 45),
            group=Group.PRINTER,
        )
    )
    assert facts.reasons == ("media-empty-error",)
    assert (facts.state, facts.accepts, facts.pages_a_minute) == (5, False, 45)
    with pytest.raises(IppAnswerError):
        facts_of(told())
