"""Who may look at what, and who looked: accounts as events, roles, default deny. Pure.

Keeps: accounts in the operations ledger (`events`, folded by `state`), and the form of a look
in the access ledger (`look`). Passwords never come here, only their argon2id hashes.
"""
