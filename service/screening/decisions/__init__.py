"""What reviewers decided: taken in, compared, audited, handed to training."""
