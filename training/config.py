"""What a training run is made of: one TOML file a model; unknown keys are refused."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from gongkai.model.tablefile import Folder
from gongkai.training.authored import CorpusError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Linear:
    """Strengths are inverse L2 penalties; `public_weight` weighs a real published document against an authored one."""

    attribute_strength: float = 10.0
    label_strength: float = 10.0
    public_weight: float = 0.1
    withheld_cost: float = 1.0
    least: int = 2
    most: int = 30_000


@dataclass(frozen=True, slots=True)
class Names:
    """The two logistic models behind names."""

    name_strength: float = 1.0
    stay_strength: float = 0.2
    stay_most: int = 16000
    name_least: int = 3
    background_documents: int = 120
    background_characters: int = 2500


@dataclass(frozen=True, slots=True)
class Tagger:
    """The name tagger: sizes of its network, then its two rounds of training, in windows of `window` characters.

    `lesson` epochs on what the teacher said of published text, then `epochs` on the authored marks, mixed with
    `public_share` of that text; `exchange` is the share of names that others replace, `blanks` that of scanned pages.
    """

    character: int = 64
    pair: int = 32
    edge: int = 8
    buckets: int = 65_536
    width: int = 128
    reaches: tuple[int, ...] = (1, 2, 4, 8)
    dropout: float = 0.1
    least: int = 3
    window: int = 256
    batch: int = 64
    lesson: int = 2
    lesson_rate: float = 3e-3
    epochs: int = 12
    rate: float = 2e-3
    warm_up: float = 0.05
    public_share: float = 0.3
    lists: int = 400
    exchange: float = 0.6
    blanks: float = 0.1
    unknown: float = 0.02
    unpaired: float = 0.15
    statute_share: int = 8
    folds: int = 4
    fold_epochs: int = 6


@dataclass(frozen=True, slots=True)
class Base:
    """Which layers of the base network are kept, which of those the student starts from, which pieces stay."""

    layers: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    student_layers: tuple[int, ...] = (0, 1, 2)
    least: int = 3
    prose_share: int = 3


@dataclass(frozen=True, slots=True)
class Language:
    """Windows of `window` pieces, `batch` at a time, for `steps` steps; the rate warms up, then falls linearly to 0."""

    steps: int = 0
    batch: int = 32
    window: int = 128
    rate: float = 4e-4
    warm_up: float = 0.06
    save_every: int = 200


@dataclass(frozen=True, slots=True)
class Shrink:
    """Distillation of the backbone: `batch` passages a step, half of them prose."""

    steps: int = 210
    batch: int = 64
    rate: float = 3e-4
    warm_up: float = 0.06
    save_every: int = 50


@dataclass(frozen=True, slots=True)
class Slim(Shrink):
    """The shallow backbone with fewer `heads` and `inner` channels in each layer (0: all), distilled once more.

    Chosen on `shown` windows, three in four of training documents; the deep backbone teaches, as it taught before.
    Without `steps` the shallow backbone ships.
    """

    steps: int = 420
    batch: int = 32
    rate: float = 2e-4
    heads: tuple[int, ...] = (9, 8, 6)
    inner: tuple[int, ...] = (512, 768, 768)
    shown: int = 256


@dataclass(frozen=True, slots=True)
class Teach:
    """Heads alone for `warm_epochs` on the backbone's means, then the whole network for `epochs`.

    `most` passages a document, `size` passages a batch.
    """

    epochs: int = 0
    rate: float = 2e-5
    head_rate: float = 5e-4
    most: int = 8
    size: int = 64
    warm_up: float = 0.1
    warm_epochs: int = 60
    warm_rate: float = 3e-3
    warm_decay: float = 0.05


@dataclass(frozen=True, slots=True)
class Serve:
    """How many passages the shipped encoder reads, and how strongly an inner channel may fire before 8 bits."""

    passages: int = 4
    ceiling: float = 4.0
    every: int = 8


@dataclass(frozen=True, slots=True)
class Spot:
    """The teacher of the spotter of personal data in words: `rate` of the backbone, `head_rate` of its scores."""

    epochs: int = 5
    rate: float = 2e-4
    head_rate: float = 2e-3
    warm_up: float = 0.06
    dropout: float = 0.1
    batch: int = 16


@dataclass(frozen=True, slots=True)
class Pupil:
    """The spotter that ships: `heads` and `inner` channels left in each layer (0: all), chosen on `shown` windows, and
    `columns` of the word table, of 4 bits each, two of them a byte (0: all, of 8).

    Then `steps` batches: what the teacher says counts 1, the marks count `marks`; `exchange` of the names are others.
    """

    heads: tuple[int, ...] = (8, 6, 4)
    inner: tuple[int, ...] = (384, 640, 640)
    columns: int = 280
    shown: int = 240
    steps: int = 1000
    batch: int = 16
    rate: float = 1.5e-4
    head_rate: float = 5e-4
    warm_up: float = 0.06
    marks: float = 0.5
    exchange: float = 0.4
    save_every: int = 100

    def __post_init__(self) -> None:
        if self.columns < 0 or self.columns % 2:
            raise CorpusError("训练配置里 pupil.columns 的值不对：应当是偶数，0 表示不压缩，请改正。")


@dataclass(frozen=True, slots=True)
class Adapt:
    """How strongly an agency's own model keeps to the shipped one, and how often a word or code has to be seen."""

    penalty: float = 1.0
    least: int = 2
    least_codes: int = 5
    most: int = 20_000
    folds: int = 5


@dataclass(frozen=True, slots=True)
class Config:
    """A whole run."""

    seed: int = 7
    folds: int = 6
    encoder_folds: int = 3
    linear: Linear = field(default_factory=Linear)
    names: Names = field(default_factory=Names)
    tagger: Tagger = field(default_factory=Tagger)
    base: Base = field(default_factory=Base)
    language: Language = field(default_factory=Language)
    shrink: Shrink = field(default_factory=Shrink)
    slim: Slim = field(default_factory=Slim)
    teach: Teach = field(default_factory=Teach)
    serve: Serve = field(default_factory=Serve)
    spot: Spot = field(default_factory=Spot)
    pupil: Pupil = field(default_factory=Pupil)
    adapt: Adapt = field(default_factory=Adapt)


def read_config(path: Path | None = None) -> Config:
    """A run's settings, the shipped ones without a path. Raises CorpusError that names the key."""
    source: Folder = path or resources.files("gongkai.training") / "default.toml"
    try:
        content = tomllib.loads(source.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CorpusError(f"训练配置 {source.name} 读不出来，请确认文件存在并且是 UTF-8 编码的 TOML。") from error
    return _filled(Config, content, "")


def _filled(kind: type[T], content: dict[str, Any], where: str) -> T:
    known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(content) - set(known)):
        raise CorpusError(f"训练配置里没有 {where}{unknown[0]} 这一项，请对照默认配置改正。")
    values: dict[str, Any] = {}
    for name, value in content.items():
        default = getattr(kind(), name)
        if isinstance(value, dict) and hasattr(default, "__dataclass_fields__"):
            values[name] = _filled(type(default), value, name + ".")
        else:
            values[name] = _fitting(value, default, where + name)
    return kind(**values)


def _fitting(value: object, default: object, name: str) -> object:
    if isinstance(default, tuple) and isinstance(value, list) and all(isinstance(v, int) for v in value):
        return tuple(value)
    if isinstance(default, float) and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(default):
        raise CorpusError(f"训练配置里 {name} 的值不对，请对照默认配置改正。")
    return value
