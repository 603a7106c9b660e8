"""The Internet Printing Protocol: its messages (RFC 8010) and what they say (RFC 8011)."""
