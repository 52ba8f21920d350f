"""先例: earlier decisions, found by number, title and meaning, and a word where a suggestion goes against them."""
