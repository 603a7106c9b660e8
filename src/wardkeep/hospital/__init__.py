"""The model every part shares: sites, wards, beds, streams, rules of the site. Pure."""
