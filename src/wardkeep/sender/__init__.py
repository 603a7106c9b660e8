"""Who sends on each feed: addresses, certificates, applications, message types, rates. Pure.

Keeps a bounded memory of what was seen of a feed (`state`); what appears after a feed's first
day is new until a person says that it is known (`decide`, `events`).
"""
