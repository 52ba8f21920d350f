"""Coroutines in a thread of their own: a browser that another test opened keeps a loop running in the main one."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run(function, *arguments):
    """What a coroutine function gives, run to its end in a new loop."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(lambda: asyncio.run(function(*arguments))).result()
