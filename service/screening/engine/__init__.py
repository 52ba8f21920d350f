"""A run: children that read and judge, what is kept of their answers, one machine or many."""
