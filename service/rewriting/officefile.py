"""The frame of Word files and workbooks: taken apart for their slots, and once more to be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from gongkai.service.formats.container import damage_told
from gongkai.service.limits import Limits
from gongkai.service.rewriting.officepacking import write_package
from gongkai.service.rewriting.ooxml import DAMAGED, Package, keeps_pictures
from gongkai.service.rewriting.slots import Edit, Rewritten, Slot
from gongkai.service.rewriting.strands import Ledger


@dataclass(frozen=True, slots=True)
class Ways:
    """How one format is taken apart (with its pictures or without), and what it needs around all changes."""

    build: Callable[[bytes, Limits, bool], tuple[Package, Ledger]]
    settled: Callable[[Package], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class OfficeFile:
    """An opened file; it keeps the bytes and not the trees, which are built again to be changed."""

    data: bytes
    limits: Limits
    keep_pictures: bool
    ways: Ways
    slots: tuple[Slot, ...]

    def rewrite(self, edits: Mapping[int, Sequence[Edit]]) -> Rewritten:
        """Raises DocumentError; edits are those of `slots`."""
        with damage_told(DAMAGED):
            package, ledger = self.ways.build(self.data, self.limits, self.keep_pictures)
            with self.ways.settled(package):
                for index, changes in edits.items():
                    for target in ledger.targets[index]:
                        target.change(changes)
            return Rewritten(write_package(package), package.dropped, package.by_eye)


def open_office(data: bytes, limits: Limits, pictures: str, ways: Ways) -> OfficeFile:
    """Raises DocumentError; with `pictures="keep"` they stay as they are, for a person to look at."""
    keep = keeps_pictures(pictures)
    with damage_told(DAMAGED):
        _, ledger = ways.build(data, limits, keep)
    return OfficeFile(data, limits, keep, ways, tuple(ledger.slots))
