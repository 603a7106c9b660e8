"""The door for FHIR senders: `/fhir` on the web's port, beside the screens and apart from them.

No session, no form and no page of the screens reaches it: a sender shows a token with every
request. Nothing can be read here but what the door takes.
"""
