"""What sixteen past incidents say of the forecast's numbers, and how well it foretells them."""
