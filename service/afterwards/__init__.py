"""What comes after the decision: re-reviews, deferrals, withdrawals, validity, dossiers, applications."""
