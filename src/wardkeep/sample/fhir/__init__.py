"""The simulated systems speaking FHIR R4: what a sender means as HL7 v2, told as resources.

It is written the way an interface engine would: a message becomes a bundle of the resources
that it speaks of; places, drugs and doctors are told once and referred to later, so that a
reader must remember.
"""

from wardkeep.sample.fhir.writer import FhirWriter

__all__ = ["FhirWriter"]
