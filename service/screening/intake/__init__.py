"""Where a backlog's documents lie, and how they are taken out of folders, archives, mails and tables."""
