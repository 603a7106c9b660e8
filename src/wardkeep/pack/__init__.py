"""Which sheets a ward has, what stands on them and when they are built again.

Keeps PackBuilt events: which ward's pack was built, of which change of it, with how many pages.
"""
