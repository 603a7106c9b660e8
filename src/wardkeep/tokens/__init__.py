"""Who may send FHIR: tokens of the feeds, given out, expiring, taken back.

Keeps of each token the SHA-256 and no more: what the sender holds is shown once, when it is
made. A feed may have several, so that one is changed for another without a gap.
"""
