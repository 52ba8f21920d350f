"""Meetings: what a plan has to say, and what of the minutes is to be public."""
