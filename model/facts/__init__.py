"""Sensitive facts about private people: those that a cue tells, and those told in words."""
