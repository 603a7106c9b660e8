"""Everything that touches the outside: stores, sockets, files, clock, chance, typesetting."""
