"""The rulebook as people work on it: rows and text of its tables, checks, comparison, versions, effect on past work."""
