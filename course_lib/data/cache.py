"""Where data lies on this machine, and results that are slow to make and quick to read.

``COURSE_DATA`` names the folder; without it, it is the user's cache folder. Everything in it can be
deleted at any time: it is downloaded or made again.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course_lib.whole_file import write_whole


def cache_folder() -> Path:
    """Return the folder of the data sets: ``COURSE_DATA``, or the user's cache; it may not exist.

    >>> cache_folder().is_absolute()
    True
    """
    named = os.environ.get("COURSE_DATA")
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path("words-and-pixels", appauthor=False)


def kept(name: str, key: str, make: Callable[[], Any]) -> Any:
    """Return what ``make`` returns, read from the cache if it was made with the same ``key``.

    The value is anything that JSON can write (tuples come back as lists). A cache that can be
    neither read nor written does no harm: the value is made again.
    """
    path = cache_folder() / "made" / f"{name}.json"
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        entry = json.loads(path.read_bytes())
        if entry["key"] == key:
            return entry["value"]
    value = make()
    with contextlib.suppress(OSError):
        write_whole(path, json.dumps({"key": key, "value": value}, ensure_ascii=False))
    return value
