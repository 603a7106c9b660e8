"""Codecs: bytes to values and back, no I/O."""
