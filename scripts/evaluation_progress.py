# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress: what a long evaluation has measured so far, in a file, from which the next one goes on."""

from __future__ import annotations

import json
from collections import UserDict
from pathlib import Path
from typing import Any


class Progress(UserDict[str, Any]):
    """Plain values by their names, written as they come; one that was interrupted loses nothing.

    Parameters
    ----------
    path : Path
        Read where it is there.
    """

    def __init__(self, path: Path):
        self.path = path
        super().__init__(json.loads(path.read_text("utf-8")) if path.is_file() else {})

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".part")
        beside.write_text(json.dumps(self.data), "utf-8")
        beside.replace(self.path)
