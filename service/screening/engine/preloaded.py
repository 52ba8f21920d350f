"""What every child works with, loaded by the process that children are forked from: they begin with it."""

from __future__ import annotations

import gc
import warnings
from contextlib import suppress

from gongkai.model.errors import RulebookError
from gongkai.model.rulebook import Rulebook
from gongkai.service.crew import team as team
from gongkai.service.screening.engine import working as working

# onnxruntime and numpy each begin a thread that holds none of our locks: children open sessions of their own
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
with suppress(RulebookError):  # told by the child that opens it
    _ = Rulebook.load().sieve
gc.freeze()
