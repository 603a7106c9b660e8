"""Whether the charts are right: nurses hold a few facts of their ward against the bedside.

Keeps in the operations ledger: each check with its answers, and what was done about what
differed. No patient stands in them: a fact is named by its kind, its bed and the message that
said it. Nothing here ever corrects a chart.
"""
