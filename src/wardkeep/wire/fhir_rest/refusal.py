"""Why a FHIR request is not taken, as an OperationOutcome says it (R4, 2.28.1)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Issue(msgspec.Struct, frozen=True, omit_defaults=True):
    """One issue; `code` from http://hl7.org/fhir/issue-type, `expression` in FHIRPath."""

    severity: str
    code: str
    diagnostics: str
    expression: tuple[str, ...] = ()


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that takes nothing: HTTP status, one issue, further headers.

    `code` from http://hl7.org/fhir/issue-type.
    """

    status: int
    code: str
    text: str
    expression: str = ""
    headers: Mapping[str, str] = {}

    def outcome(self) -> bytes:
        """Return the OperationOutcome as JSON."""
        where = (self.expression,) if self.expression else ()
        return outcome((Issue("error", self.code, self.text, where),))


class RefusedError(Exception):
    """Carries a Refusal to where it is answered; never leaves the door."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text)
        self.refusal = refusal


def refused(status: int, code: str, text: str, expression: str = "") -> RefusedError:
    """Return the error that answers with `status` and one issue."""
    return RefusedError(Refusal(status=status, code=code, text=text, expression=expression))


_encoder = msgspec.json.Encoder()


def outcome(issues: tuple[Issue, ...]) -> bytes:
    """Return an OperationOutcome as JSON."""
    return _encoder.encode({"resourceType": "OperationOutcome", "issue": issues})
