"""How much of a file is read before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for a file: bytes, characters of text, pages, pictures that are read, cells; for containers unpacked
    bytes and ratio."""

    max_bytes: int = 50 * 1024 * 1024
    max_characters: int = 2_000_000
    max_pages: int = 2_000
    max_pictures: int = 300
    max_cells: int = 500_000
    max_unpacked: int = 400 * 1024 * 1024
    max_ratio: int = 200
