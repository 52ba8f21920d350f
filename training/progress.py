"""A progress bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from tqdm import tqdm

T = TypeVar("T")


class Progress(Generic[T]):
    """Numbered items, shown on standard error while they are worked through; `begin` skips what is already done."""

    def __init__(self, items: Sequence[T], what: str, begin: int = 0) -> None:
        self.items, self.what, self.begin = items, what, begin

    def __iter__(self) -> Iterator[tuple[int, T]]:
        slow = not sys.stderr.isatty()
        with tqdm(
            total=len(self.items), initial=self.begin, desc=self.what, mininterval=30 if slow else 0.5, ncols=80
        ) as bar:
            for place in range(self.begin, len(self.items)):
                yield place, self.items[place]
                bar.update()
