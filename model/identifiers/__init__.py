"""What tells of a person beside the name: numbers with their check digits, accounts, papers, homes."""
