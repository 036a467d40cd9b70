# SPDX-License-Identifier: GPL-3.0-or-later
"""Escape: a render in the window that waits for a growth is ended by ESC."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import bpy
import pytest


@pytest.fixture
def render(growing, monkeypatch):
    """A render goes on in the window, as the add-on sees it."""
    for name in ("escape", "stopped"):
        monkeypatch.setattr(growing.module(f"addon.playback.{name}"), "is_rendering", lambda: True)
    growing.module("addon.playback.stopped").forget()


def test_esc_ends_the_wait_for_a_frame_and_the_next_render_waits_again(growing, render):
    frames, escape = (growing.module(f"addon.playback.{name}") for name in ("frames", "escape"))
    material = growing.material(width=256, height=256, steps_per_frame=1000.0)
    job = threading.Thread(target=frames.show, args=([material], 900, None))  # as Blender calls its handlers
    job.start()
    until = time.monotonic() + 60
    while not escape.is_render_waiting():
        assert job.is_alive() and time.monotonic() < until
        time.sleep(0.01)
    escape.stop()
    job.join(60)
    assert not job.is_alive()
    frames.show([material], 901, None)  # Blender calls more handlers before it looks whether ESC was pressed
    assert not escape.is_render_waiting()
    growing.module("addon.playback.handlers").on_render_init(bpy.context.scene)  # of the next one
    material.nca.width = material.nca.height = 16
    frames.show([material], 1, None)
    assert growing.shows(material, 1)


def test_only_what_ends_a_render_of_blenders_ends_the_wait(neural_growth):
    is_ending = neural_growth.module("addon.playback.escape").is_ending

    def event(key: str, value: str = "PRESS", held: str = "") -> SimpleNamespace:
        modifiers = {name: name == held for name in ("shift", "ctrl", "alt", "oskey")}
        return SimpleNamespace(type=key, value=value, **modifiers)

    assert is_ending(event("ESC"))
    assert not any(map(is_ending, (event("ESC", "RELEASE"), event("ESC", held="shift"), event("A"))))
