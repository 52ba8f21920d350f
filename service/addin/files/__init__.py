"""Files that register the add-in."""
