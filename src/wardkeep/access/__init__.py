"""Who looks at whom, and who may: accounts and looks as events."""
