"""Which sheets for which ward, when and how proved."""
