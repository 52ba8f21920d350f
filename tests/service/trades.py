"""Children of a crew that open in no time: they do the tasks of hostile.py, and say what stands in their folders."""

from __future__ import annotations

import os
import time
from functools import partial
from types import SimpleNamespace

import hostile

from gongkai.model.errors import EmptyDocument, ModelFolderError
from gongkai.service.crew import team


def until(path):
    """Wait for a file."""
    while not os.path.exists(path):
        time.sleep(0.02)
    return "done"


NO_LINE = SimpleNamespace(ask=None, step=None)


def opened(settings):
    model = settings.model and (settings.model / "model.json").read_text("utf-8")
    if model == "damaged":
        raise ModelFolderError("模型目录读不出来，请重新训练。")
    if model == "dying":
        os._exit(3)
    if (settings.published or settings.data).joinpath("no-children").exists():
        os._exit(3)
    reasons = settings.tables and (settings.tables / "reasons.toml").read_text("utf-8")

    def do(order):
        word, *rest = order
        answers = {
            "model": lambda: model,
            "reasons": lambda: reasons,
            "settings": lambda: settings,
            "until": until,
            "refuse": lambda: (_ for _ in ()).throw(EmptyDocument("文件是空的。")),
        }
        return answers[word](*rest) if word in answers else hostile.work(order, NO_LINE)

    return partial(team.worked, do), {"model": model or "shipped"}
