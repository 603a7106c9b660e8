"""What a house decides after a forecast: risks accepted, measures by quarter, calls."""
