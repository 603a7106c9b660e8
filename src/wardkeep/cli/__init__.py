"""The command line: one module a verb, found lazily by cli.main."""
