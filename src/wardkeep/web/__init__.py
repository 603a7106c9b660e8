"""Pages, live streams, templates and static files."""
