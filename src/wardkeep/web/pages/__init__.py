"""One module a page: what it reads from the charts, and which template says it."""
