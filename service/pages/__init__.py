"""The pages: rendered here, everything on them comes from this server."""
