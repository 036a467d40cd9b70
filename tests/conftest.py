# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test gets: Blender settings of its own, a Python for the engine, and a run that ends."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parents[1]
EXIT_STATUS = pytest.StashKey[int]()

# Blender reads this while `import bpy` runs, so it is set before any test module is imported. An artist's own
# settings on the same machine are then neither read nor written.
_blender_resources = tempfile.mkdtemp(prefix="neural-growth-tests-")
os.environ["BLENDER_USER_RESOURCES"] = _blender_resources

# No test measures time: on a busy machine one that does fails for no fault of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    # The engine's worker needs a Python with torch. Only the main environment has torch, so the worker runs
    # there, whichever Blender is tested.
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    python = REPOSITORY / ".venv" / folder / name
    if python.exists():
        os.environ.setdefault("NCA_WORKER_PYTHON", str(python))


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session):
    result = yield
    session.config.stash[EXIT_STATUS] = int(session.exitstatus)
    return result


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_blender_resources, ignore_errors=True)
    # Blender as a module can hang while the interpreter ends. The summary is out by now; nothing is left.
    if "bpy" in sys.modules and EXIT_STATUS in config.stash:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.stash[EXIT_STATUS])
