"""Settings, the hospital folder, the assembly of a site server and its supervisor."""
