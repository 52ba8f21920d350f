"""Work that takes long: a queue in the database, and threads that do what stands in it."""
