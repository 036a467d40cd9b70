# SPDX-License-Identifier: GPL-3.0-or-later
"""No bake of a test goes on in the next one."""

from __future__ import annotations

import pytest


@pytest.fixture
def growing(growing):
    """The add-on in a clean file; what is still being baked after the test is ended."""
    yield growing
    growing.module("addon.bake.bake").stop_all()
