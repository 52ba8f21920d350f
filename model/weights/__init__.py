"""The shipped model folder."""
