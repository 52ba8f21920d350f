"""Text in, screening out: pure, offline, without a clock."""
