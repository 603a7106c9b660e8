"""The map of a hospital: what it has, what depends on what, and who is connected to it.

Flat items of about twenty kinds that name each other. Whatever a source did not say is None or
empty and is told as NOT RECORDED, never assumed.
"""
