"""The board paper: two pages of a forecast that a director takes into a funding request."""
