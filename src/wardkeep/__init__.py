"""Wardkeep keeps a hospital treating its patients through a cyberattack, and brings it back."""

__version__ = "0.2.0"
