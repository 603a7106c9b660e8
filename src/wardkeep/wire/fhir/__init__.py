"""FHIR R4 (4.0.1): JSON bytes to plain values; no model of types stands between.

Typed models read the same bundles twenty times slower, and would refuse what a sender really
sends. What is read here are dicts as they came, looked at through `values`, which never fails
on a value of another shape than the standard's.
"""
