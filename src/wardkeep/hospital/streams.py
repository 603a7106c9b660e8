"""The streams of facts a ward lives on; each is fresh, late, silent or not fed."""

from __future__ import annotations

from enum import StrEnum


class Stream(StrEnum):
    """One kind of fact. A feed says in its settings which of them it carries."""

    ADMISSIONS = "admissions"
    ALLERGIES = "allergies"
    PROBLEMS = "problems"
    CODE_STATUS = "code_status"
    ISOLATION = "isolation"
    DIET = "diet"
    WEIGHT = "weight"
    MEDICATION_ORDERS = "medication_orders"
    DOSES_GIVEN = "doses_given"
    LABORATORY = "laboratory"
    IMAGING = "imaging"
    ORDERS = "orders"
    SPECIMENS = "specimens"
    APPOINTMENTS = "appointments"


class StreamState(StrEnum):
    """What may be trusted of a stream now."""

    FRESH = "fresh"
    LATE = "late"
    SILENT = "silent"
    NOT_FED = "not_fed"
