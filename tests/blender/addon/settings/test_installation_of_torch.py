# SPDX-License-Identifier: GPL-3.0-or-later
"""The buttons of the private PyTorch: they say why they are dead, and the engine takes up what they bring."""

from __future__ import annotations

import os

import bpy
import pytest

from tests.engine.test_installation import PACKAGE, unpack_pip, write_wheel


@pytest.fixture
def installation(neural_growth, monkeypatch):
    """The add-on's module, with a tiny package in torch's place and nothing from outside."""
    module = neural_growth.module("addon.settings.installation")
    recipe = neural_growth.module("engine.recipe").Recipe
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    unpack_pip(monkeypatch, neural_growth.module("engine.installation").Installation)
    monkeypatch.setattr(module, "recipe", lambda: recipe(("no such package",), (PACKAGE,), "An offer"))
    yield module
    module.stop()
    module.current().remove()
    module.current().wait()
    neural_growth.module("addon.engine").stop()


@pytest.fixture
def online(installation):
    system = bpy.context.preferences.system
    before = system.use_online_access
    system.use_online_access = True
    if not bpy.app.online_access:
        pytest.skip("this Blender is kept offline")
    yield
    system.use_online_access = before


def test_without_online_access_nothing_is_downloaded_and_the_message_says_where_to_allow_it(installation):
    assert not bpy.app.online_access
    assert "System, Network" in installation.why_not() or "offline mode" in installation.why_not()
    assert not bpy.ops.nca.install_torch.poll()
    with pytest.raises(RuntimeError, match=r"Online access|offline"):
        bpy.ops.nca.install_torch()
    assert not installation.current().folder.exists()


def test_the_engine_takes_up_what_was_installed_and_gives_it_up_when_it_is_removed(
    installation, online, neural_growth, tmp_path, monkeypatch
):
    wheel = write_wheel(tmp_path)
    recipe = neural_growth.module("engine.recipe").Recipe
    monkeypatch.setattr(installation, "recipe", lambda: recipe((str(wheel),), (PACKAGE,), "An offer"))
    engine = neural_growth.module("addon.engine")
    assert bpy.ops.nca.install_torch.poll() and not bpy.ops.nca.cancel_torch.poll()
    assert not bpy.ops.nca.remove_torch.poll()
    assert bpy.ops.nca.install_torch() == {"FINISHED"}
    installed = installation.current().installed
    assert installed.version == "1.5"
    assert installed.environment.is_relative_to(neural_growth.user_folder)
    assert engine.state() != "stopped" and engine.knows_private_torch()
    assert not bpy.ops.nca.install_torch.poll() and bpy.ops.nca.remove_torch.poll()
    assert bpy.ops.nca.remove_torch() == {"FINISHED"}
    assert installation.current().installed is None and engine.knows_private_torch()
    assert bpy.ops.nca.install_torch.poll()


def test_a_failed_installation_is_told_and_the_button_offers_it_again(installation, online):
    with pytest.raises(RuntimeError, match="pip could not install it"):
        bpy.ops.nca.install_torch()
    assert "Invalid requirement" in installation.current().message
    assert bpy.ops.nca.install_torch.poll() and not bpy.ops.nca.remove_torch.poll()
