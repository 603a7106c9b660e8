"""What stands against this server now, and since when: alarms by code and subject. Pure.

An alarm is one thing that a person has to know of: `code` says what (`codes`), `subject` of
which feed, ledger or ward. Keeps every change in the operations ledger (`events`), as often as
`decide` allows, so that an alarm that flaps can fill no disk.
"""
