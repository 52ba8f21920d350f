"""What the disclosure office, auditors and administrators look through: records, the trail, figures, the service."""
