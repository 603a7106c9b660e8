"""Custody of the keys: who holds what opens the records, and every change of it.

Keeps in the operations ledger each rotation, move and ceremony: when, by whom, how many; never
a secret.
"""
