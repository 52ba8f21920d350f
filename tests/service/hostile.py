"""Work for children of the pool, and readers of invented formats, that loop, eat memory or die."""

from __future__ import annotations

import os
import resource
import signal
import time
from pathlib import Path

from gongkai.model.errors import ModelFolderError

BLOCK = 8 * 2**20


def eat(amount=2**40):
    held = []
    while len(held) * BLOCK < amount:
        held.append(os.urandom(64) * (BLOCK // 64))
    return held


def die(times=10**9, marks=None):
    """End this process as the kernel would; only so many times where `marks` is a folder to count in."""
    if marks is not None:
        (Path(marks) / str(os.getpid())).touch()
        if len(list(Path(marks).iterdir())) > times:
            return "alive"
    os.kill(os.getpid(), signal.SIGKILL)


def spin(seconds):
    """Use the processor for so long."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "done"


def loop():
    while True:
        pass


def work(task, line):
    """One word and its arguments; what it returns is the answer."""
    word, *rest = task
    if word == "keep":
        HELD.append(eat(rest[0]))
    return {
        "say": lambda text: text,
        "pid": os.getpid,
        "core": lambda: resource.getrlimit(resource.RLIMIT_CORE),
        "sleep": lambda seconds: time.sleep(seconds) or "awake",
        "spin": spin,
        "loop": loop,
        "eat": eat,
        "keep": lambda amount: amount,
        "die": die,
        "raise": lambda: 1 / 0,
        "shout": lambda: print("张三的身份证", flush=True) or os.write(2, b"shout"),
        "ask": line.ask,
        "both": lambda one, other: work(one, line) and work(other, line),
        "step": lambda number, then: line.step(number) or work(then, line),
    }[word](*rest)


HELD = []


def opened():
    return work, "hello"


def refused():
    raise ModelFolderError("模型文件不见了，请重新安装。")


def stillborn():
    os._exit(3)


def read_loop(data, limits):
    loop()


def read_eat(data, limits):
    eat()


def read_die(data, limits):
    die()


def read_broken(data, limits):
    raise ValueError("张三的身份证")


READERS = {".loop": read_loop, ".eat": read_eat, ".die": read_die, ".broken": read_broken}
