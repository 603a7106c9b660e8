"""The page of the last forecast: what is kept for it, and how it is laid out in words."""
