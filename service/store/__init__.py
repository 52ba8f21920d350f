"""What a service keeps: tables, the database behind them, the vault for texts, and the audit trail."""
