"""Who may do what: users, sessions, keys, and the table of roles and actions."""
