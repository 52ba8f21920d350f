"""Duties after the decision: what is due, when, and who is reminded."""
