"""Errors, times and identifiers: knows nothing of hospitals."""
