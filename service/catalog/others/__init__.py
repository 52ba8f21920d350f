"""Catalogs of other areas, as CSV."""
