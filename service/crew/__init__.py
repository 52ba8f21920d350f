"""Everything that touches a document's bytes or text runs in limited child processes, which hold the model."""
