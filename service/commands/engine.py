"""The options of every command that judges: profile, tables and model of one's own."""

from __future__ import annotations

import argparse
from pathlib import Path


def engine_options(command: argparse.ArgumentParser) -> None:
    """--profile, --tables and --model; `cli` puts what is given into the settings."""
    command.add_argument("--profile", metavar="画像", help="机关画像名（profile.toml），默认 default")
    command.add_argument("--tables", type=Path, metavar="目录", help="用自己的规则表目录")
    command.add_argument("--model", type=Path, metavar="目录", help="用自己的模型目录")
