"""A row of the table of key fields (keyfields.toml)."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyField:
    """要素: how fields of the catalog (`names`) are found, in all items or those under `codes`; `element`: the part of
    the document (GB/T 9704) that is the field; `when` names the titles that need it, all without one; `leads` stand
    before a value or head a column, section or box; `later`: it comes with publication, so no draft lacks it."""

    id: str
    names: tuple[str, ...]
    basis: str
    codes: tuple[str, ...] = ()
    element: str = ""
    leads: tuple[re.Pattern[str], ...] = ()
    patterns: tuple[re.Pattern[str], ...] = ()
    when: re.Pattern[str] | None = None
    later: bool = False

    def __post_init__(self) -> None:
        if not self.names:
            raise ValueError("的 names 至少要有一个要素名称，请补上。")
