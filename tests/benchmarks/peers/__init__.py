"""Stage `peers`: gongkai and what else finds personal data in Chinese text, in one table."""

from peers.comparing import measure

__all__ = ["measure"]
