"""Reports on disclosure: the yearly one in the national format, bulletins, sample audits, self-checks."""
