"""Backlogs: everything in folders, archives, mails and registers screened unattended, and a worklist for people."""
