"""Sheets: identifiers, forms as data, layouts and what typesetting is given. Pure."""
