"""Mentions of people: places that may be a name, which of them are one, what stands around them."""
