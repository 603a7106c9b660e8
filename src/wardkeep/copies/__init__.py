"""Who may copy this site's ledgers, and when a second box took over.

Keeps in the operations ledger: followers invited, paired and removed, and takings over with
their reason. The copying itself is `adapters` and `app`; its messages are `wire.copying`.
"""
