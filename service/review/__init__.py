"""存量审查: a screened archive brought into the service, decided by several people, counted and taken out again."""
