"""Foresees what an attack on the hospital would take, and what prevention buys."""
