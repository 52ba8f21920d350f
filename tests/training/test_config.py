"""A run's settings: the shipped ones are read, and what is wrong is named."""

from __future__ import annotations

import dataclasses
import tomllib
from importlib import resources

import pytest

from gongkai.training.authored import CorpusError
from gongkai.training.config import Base, Config, Linear, read_config


def test_the_shipped_settings():
    """The file that ships sets every key, and to what a file that sets none gets."""
    assert read_config() == Config()
    with resources.as_file(resources.files("gongkai.training") / "default.toml") as path:
        content = tomllib.loads(path.read_text("utf-8"))
    for name, default in dataclasses.asdict(Config()).items():
        assert isinstance(default, dict) is isinstance(content[name], dict)
        assert not isinstance(default, dict) or set(default) == set(content[name]), name


def test_what_is_not_set_stays_as_it_is(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text("seed = 3\n[linear]\nattribute_strength = 2\n[base]\nstudent_layers = [1]\n", "utf-8")
    expected = Config(seed=3, linear=Linear(attribute_strength=2.0), base=Base(student_layers=(1,)))
    assert read_config(path) == expected
    assert type(read_config(path).linear.attribute_strength) is float
    path.write_text("", "utf-8")
    assert read_config(path) == Config()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("sed = 7", "没有 sed 这一项"),
        ("[lineal]\nleast = 2", "没有 lineal 这一项"),
        ("[linear]\nstrength = 2", "没有 linear.strength 这一项"),
        ("[teach]\nepoch = 2\nrate = 1", "没有 teach.epoch 这一项"),
        ("seed = 7.5", "里 seed 的值不对"),
        ("seed = true", "里 seed 的值不对"),
        ("seed = '7'", "里 seed 的值不对"),
        ("seed = {}", "里 seed 的值不对"),
        ("linear = 3", "里 linear 的值不对"),
        ("[linear]\npublic_weight = 'much'", "里 linear.public_weight 的值不对"),
        ("[linear]\npublic_weight = true", "里 linear.public_weight 的值不对"),
        ("[base]\nlayers = 3", "里 base.layers 的值不对"),
        ("[base]\nlayers = [0, 'two']", "里 base.layers 的值不对"),
        ("[serve]\npassages = [4]", "里 serve.passages 的值不对"),
        ("[pupil]\ncolumns = 281", "里 pupil.columns 的值不对"),
        ("[pupil]\ncolumns = -2", "里 pupil.columns 的值不对"),
    ],
)
def test_the_sentence_names_the_key(tmp_path, content, named):
    path = tmp_path / "run.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(CorpusError, match=named):
        read_config(path)


@pytest.mark.parametrize("content", [None, b"seed =", "语言 = 1".encode("gbk"), b"[a]\n[a]"])
def test_a_file_that_is_none(tmp_path, content):
    if content is not None:
        (tmp_path / "run.toml").write_bytes(content)
    with pytest.raises(CorpusError, match=r"训练配置 run\.toml 读不出来"):
        read_config(tmp_path / "run.toml")


def test_settings_never_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Config().seed = 8
