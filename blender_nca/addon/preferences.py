# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences: which Python and device compute, and where models lie."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import CollectionProperty, EnumProperty, StringProperty

PACKAGE = __package__.rsplit(".", 2)[0]
"""The add-on's name in Blender."""
BUNDLED_MODELS = Path(__file__).resolve().parents[2] / "models"


def _changed(self, context):
    from . import library, playback

    library.forget()
    playback.forget()  # a model of the same name in another folder paints other pictures
    playback.refresh_all()


class NCA_PG_model_folder(bpy.types.PropertyGroup):
    path: StringProperty(
        name="Folder",
        description="A folder with models: one folder a model, with its manifold.safetensors, card.json and species",
        subtype="DIR_PATH",
        update=_changed,
    )


class NCA_AP_preferences(bpy.types.AddonPreferences):
    bl_idname = PACKAGE

    python: StringProperty(
        name="Python",
        description="A Python with torch, for speed. Empty: Neural Growth looks for one itself",
        subtype="FILE_PATH",
        update=_changed,
    )
    device: EnumProperty(
        name="Device",
        description="What computes the growth. The pictures are the same on all of them",
        items=(
            ("auto", "Automatic", "The fastest device that is there"),
            ("cpu", "CPU", "The processor"),
            ("cuda", "CUDA or ROCm", "An NVIDIA or AMD graphics card"),
            ("mps", "Metal", "The graphics of an Apple computer"),
            ("xpu", "XPU", "An Intel graphics card"),
        ),
        update=_changed,
    )
    package_index: StringProperty(
        name="Package Index",
        description="Where PyTorch comes from. Empty: pip's usual place. For another build, such as CUDA on Windows or "
        "ROCm on Linux, the address that PyTorch's own page “Get Started” gives after --index-url",
    )
    model_folders: CollectionProperty(type=NCA_PG_model_folder)

    def draw(self, context):
        from .panels import preferences as panel

        panel.draw(self.layout, self)


def current() -> bpy.types.AddonPreferences | None:
    """The add-on's preferences; None while it runs without being enabled in Blender."""
    addon = bpy.context.preferences.addons.get(PACKAGE)
    return addon.preferences if addon else None


def python() -> Path | None:
    """The Python that the artist named, if any."""
    own = current()
    return Path(bpy.path.abspath(own.python)) if own and own.python else None


def device() -> str:
    own = current()
    return own.device if own else "auto"


def package_index() -> str:
    """The address of the package index that the artist named, if any."""
    own = current()
    return own.package_index.strip() if own else ""


def torch_folder() -> Path | None:
    """The place of a private PyTorch, in the extension's user folder. It need not exist."""
    try:
        return Path(bpy.utils.extension_path_user(PACKAGE, path="torch"))
    except ValueError:  # installed as an old-style add-on, which has no such folder
        return None


def user_models() -> Path | None:
    """The artist's own models, in the extension's user folder. It need not exist yet."""
    try:
        return Path(bpy.utils.extension_path_user(PACKAGE, path="models"))
    except ValueError:  # installed as an old-style add-on, which has no such folder
        return None


def model_folders() -> list[Path]:
    """Where models and species are looked for, the later winning over the earlier."""
    own = current()
    extra = (
        [Path(bpy.path.abspath(folder.path)) for folder in own.model_folders if folder.path] if own else []
    )
    return [folder for folder in (BUNDLED_MODELS, user_models(), *extra) if folder is not None]


classes = (NCA_PG_model_folder, NCA_AP_preferences)
