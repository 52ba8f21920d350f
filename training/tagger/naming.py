"""Invented names: common and rare surnames, words as names, minority names, blanks between. For training only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from random import Random

from gongkai.model.mentions.surnames import surname_of, surnames

#: How often a surname of each rank of surnames.tsv is drawn.
RANKS = {1: 0.56, 2: 0.2, 3: 0.14, 4: 0.1}
#: Characters that write sounds of minority names.
SOUNDS = (
    "阿布都力提木克热合曼古丽娜尔巴依江吐逊买艾麦迪亚森努莎玛帕夏乌云格勒其图苏和达日才让卓扎西次仁央宗旦曲尼珠桑朵措"
)
#: Shares of the ways to make a name; what is left over is a surname with given characters.
WORDY, FAMILIAR, MINORITY, UNDOTTED, ANY = 0.03, 0.06, 0.05, 0.03, 0.05
SINGLE, LONG, BLANKS, POINT = 0.27, 0.02, 0.04, 0.15
LONGEST = 12
_HAN = re.compile(r"[\u3400-\u9fff]+")
_PREFIX = "老小阿"


class Namer:
    """Makes names from the surname table, given characters as they occur, and words of a dictionary."""

    def __init__(self, known: Iterable[str], words: Iterable[str]) -> None:
        bare = [re.sub(r"\s", "", name) for name in known]
        families = [(name, surname_of(name)) for name in bare if 1 < len(name) < 5]
        given = Counter(c for name, family in families if family for c in name[len(family) :])
        given = Counter({c: n for c, n in given.items() if _HAN.fullmatch(c)}) or Counter("明伟芳")
        self._given, self._weights = list(given), [n**0.75 for n in given.values()]
        parts = {part for name in bare if "·" in name for part in name.split("·")}
        self._parts = sorted(part for part in parts if _HAN.fullmatch(part)) or ["阿卜"]
        self._foreign = sorted({n for n in bare if _HAN.fullmatch(n) and 3 < len(n) < 9 and len(surname_of(n)) < 2})
        self._families = {rank: [name for name, r in surnames().items() if r == rank] for rank in RANKS}
        han = [word for word in words if _HAN.fullmatch(word)]
        self._wordy = [word for word in han if len(word) in (2, 3) and surnames().get(word[0], 9) < 3]
        self._pairs = [word for word in han if len(word) == 2]

    def family(self, random: Random) -> str:
        """A surname."""
        rank = random.choices(list(RANKS), list(RANKS.values()))[0]
        return random.choice(self._families[rank])

    def _given_name(self, random: Random) -> str:
        if self._pairs and random.random() < FAMILIAR:
            return random.choice(self._pairs)
        count = 1 if random.random() < SINGLE else 3 if random.random() < LONG else 2
        drawn = random.choices(self._given, self._weights, k=count)
        return "".join(random.choice(self._pairs)[0] if self._pairs and random.random() < ANY else c for c in drawn)

    def _part(self, random: Random) -> str:
        if random.random() < 0.5:
            return random.choice(self._parts)
        return "".join(random.choices(SOUNDS, k=random.randint(2, 5)))

    def dotted(self, random: Random) -> str:
        """A minority name of two parts or three."""
        point = "." if random.random() < POINT else "·"
        return point.join(self._part(random) for _ in range(3 if random.random() < 0.1 else 2))

    def name(self, random: Random) -> str:
        """Any name."""
        way = random.random()
        if way < WORDY and self._wordy:
            return random.choice(self._wordy)
        if way < WORDY + MINORITY:
            return self.dotted(random)
        if way < WORDY + MINORITY + UNDOTTED:
            return random.choice(self._foreign) if self._foreign and random.random() < 0.5 else self._part(random)
        name = self.family(random) + self._given_name(random)
        return _spaced(name, " " * random.randint(1, 3), random) if random.random() < BLANKS else name

    def like(self, surface: str, random: Random) -> str:
        """A name in the dress of another: short forms stay short, blanks stay; empty for what is no plain name."""
        bare = re.sub(r"\s", "", surface)
        if len(bare) > LONGEST or not _HAN.fullmatch(bare.replace("·", "")):
            return ""
        if len(bare) == 1 or (len(bare) == 2 and bare[0] in _PREFIX):
            return bare[:-1] + random.choice(self._families[random.choice((1, 1, 2, 3))])
        if "·" in bare and random.random() < 0.7:
            return self.dotted(random)
        blank = re.search(r"\s+", surface)
        plain = self.family(random) + self._given_name(random)
        return _spaced(plain, blank.group(), random) if blank else self.name(random)


def _spaced(name: str, blank: str, random: Random) -> str:
    return blank.join(name) if len(name) == 2 or random.random() < 0.7 else name[0] + blank + name[1:]
