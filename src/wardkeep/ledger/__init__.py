"""Entries, chain, seals, day keys and their verification. Pure: the stores lie in adapters."""
