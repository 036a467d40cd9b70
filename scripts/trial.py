# SPDX-License-Identifier: GPL-3.0-or-later
"""One material of a file, tried: what `try_files.py` does in Blender."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import bmesh
import bpy
import checkout
import numpy as np
from contents import contents, difference
from mathutils import Vector

SIDE, SAMPLES = 24, 16
"""Pixels of a render, and Cycles' samples."""
EARLY, LATE = 2, 5
"""Frames of the growth that are looked at."""
GROWTH = {
    "width": 32,
    "height": 32,
    "pixels_per_cell": 2,
    "seeds": "SCATTERED",
    "seed_count": 60,
    "steps_per_frame": 8.0,
}
SEEN = 0.02
"""Mean change of a pixel from which on a growth counts as seen."""
SAME = 0.005
"""Mean difference of a pixel up to which two renders show the same."""
KEPT = 0.02
"""The same for a material with a growth and without: it has other nodes, so Cycles' noise is another one."""
BLOCKS = ("materials", "node_groups", "images", "actions", "textures")
"""Kinds of data-blocks of which Remove may leave none behind."""
COLLECTED = frozenset({"Render Result", "Viewer Node"})
"""Images that Blender makes for itself."""


class View(NamedTuple):
    """An object that shows the material, and the camera that looks at it."""

    thing: str
    camera: str


PLANE, OWN = View("Trial Plane", "Trial Plane Camera"), View("Trial Own", "Trial Own Camera")


class Trial:
    """The materials of one file.

    Parameters
    ----------
    path : Path
        Of the .blend file; it is not written to.
    folder : Path
        Where copies, bakes and renders go.
    pictures : Path or None
        Where to put a picture of each material without the growth, and one with it.
    """

    def __init__(self, path: Path, folder: Path, pictures: Path | None = None):
        self.path, self.folder, self.pictures = path, folder, pictures

    def materials(self) -> list[str]:
        """Names of the file's materials that may be grown: those that objects show first."""
        self._open(self.path)
        shown = {
            slot.material.name for thing in bpy.data.objects for slot in thing.material_slots if slot.material
        }
        names = [
            material.name
            for material in bpy.data.materials
            if material.users and material.library is None and not material.is_grease_pencil
        ]
        return sorted(names, key=lambda name: name not in shown)

    def run(self, name: str) -> dict[str, Any]:
        """Grow a material, bake it, save and open the file, take the growth away.

        Returns
        -------
        dict
            grown : bool, it is seen, on a plane and on an object of the file.
            ground : bool, where nothing has grown, the material looks as without a growth.
            baked, restored : bool.
            refused : bool, the add-on did not do it and said why.
            told : str, what the add-on said that an artist has to do or expect.
            says : str, what went wrong.
        """
        found: dict[str, Any] = {"grown": False, "ground": False, "baked": False, "restored": False}
        found |= {"refused": False, "told": "", "says": ""}
        problems: list[str] = []
        try:
            self._try(name, found, problems)
        except RuntimeError as error:  # of an operator, which says what to do
            found["told"], found["refused"] = " ".join(str(error).split()), True
        except Exception as error:  # one material's failure is a row of the table, whatever it is
            problems.append(f"{type(error).__name__}: {error}")
        found["says"] = "; ".join(problems)
        return found

    def _try(self, name: str, found: dict[str, Any], problems: list[str]) -> None:
        self._open(self.path)
        material = bpy.data.materials[name]
        views = self._stage(material)
        scene = bpy.context.scene
        at = scene.frame_current
        without = {view: self._render(view) for view in views}
        before, blocks = contents(material), _blocks()

        bpy.ops.nca.new(material=name)
        if not material.nca.growing:
            problems.append("New Growth did nothing")
            return
        for key, value in GROWTH.items():
            setattr(material.nca, key, value)
        first = material.nca.start_frame = scene.frame_start
        frames = {first + EARLY: (PLANE,), first + LATE: views}
        live = self._shown(frames)
        found["told"] = self._told(material, OWN in views)
        if OWN in views and not found["told"] and _lies_in_points(bpy.data.objects[OWN.thing].data):
            problems.append("its own object's UV map has no area, and the panel does not say so")
            return
        grown = [self._is_seen(view, without[view], live[first + LATE, view], problems) for view in views]
        found["grown"] = all(grown) and _differ(live[first + EARLY, PLANE], live[first + LATE, PLANE]) > SAME
        if all(grown) and not found["grown"]:
            problems.append("it does not grow from frame to frame")
        with _nothing_grown(material):
            scene.frame_set(at)
            bare = {view: self._render(view) for view in views}
        found["ground"] = True
        for view in views:
            off = _differ(bare[view], without[view])
            if off > KEPT:
                found["ground"] = False
                problems.append(f"{view.thing}: the ground looks {off:.3f} different under a growth")

        scene.frame_set(at)
        copy = self.folder / "tried.blend"
        bpy.ops.wm.save_as_mainfile(filepath=str(copy))
        self._open(copy)
        material = bpy.data.materials[name]
        opened = self._agree(live, frames, "opened again, it", problems)
        material.nca.bake_start, material.nca.bake_end = first, first + LATE
        bpy.ops.nca.bake(material=name)
        bpy.context.scene.frame_set(at)
        bpy.ops.wm.save_mainfile()
        self._open(copy)
        material = bpy.data.materials[name]
        found["baked"] = material.nca.baked and self._agree(live, frames, "baked, it", problems) and opened

        bpy.ops.nca.remove(material=name)
        bpy.context.scene.frame_set(at)  # where keyframes give what they gave then
        lost = difference(before, contents(material))
        left = sorted(_blocks() - blocks)
        found["restored"] = not lost and not left
        problems += [lost] * bool(lost) + [f"left behind: {left}"] * bool(left)

    def _open(self, path: Path) -> None:
        bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False, use_scripts=False)

    def _stage(self, material: bpy.types.Material) -> tuple[View, ...]:
        """Show a material in a scene of its own, lit evenly: on a plane, and on an object of the file that has it."""
        mesh = _own_mesh(material)
        origin = bpy.context.scene
        scene = bpy.data.scenes.new("Trial")
        bpy.context.window.scene = scene
        scene.frame_start, scene.frame_end = (
            origin.frame_start,
            max(origin.frame_end, origin.frame_start + LATE),
        )
        scene.frame_set(origin.frame_current)
        bpy.ops.mesh.primitive_plane_add(size=2)
        plane = bpy.context.object
        plane.name = PLANE.thing
        plane.data.materials.append(material)
        _look_at(scene, PLANE, Vector((0, 0, 1)), Vector(), 1.0)
        views = [PLANE]
        if mesh is not None:
            scene.collection.objects.link(bpy.data.objects.new(OWN.thing, mesh))
            _look_at(scene, OWN, *_best_sight(mesh))
            views.append(OWN)
        scene.world = bpy.data.worlds.new("Trial")
        if bpy.app.version < (5, 0, 0):
            scene.world.use_nodes = True
        scene.world.node_tree.nodes["Background"].inputs[0].default_value = (1.0, 1.0, 1.0, 1.0)
        scene.render.engine = "CYCLES"
        scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.seed = SAMPLES, False, 0
        scene.render.resolution_percentage, scene.render.film_transparent = 100, True
        return tuple(views)

    def _shown(self, frames: dict[int, tuple[View, ...]]) -> dict[tuple[int, View], np.ndarray]:
        """What is seen in some frames."""
        found = {}
        for frame, views in frames.items():
            bpy.context.scene.frame_set(frame)
            found |= {(frame, view): self._render(view) for view in views}
        return found

    def _agree(
        self,
        live: dict[tuple[int, View], np.ndarray],
        frames: dict[int, tuple[View, ...]],
        what: str,
        problems: list[str],
    ) -> bool:
        """Whether what is seen now is what was seen before."""
        now = self._shown(frames)
        off = max(_differ(now[key], live[key]) for key in live)
        if off > SAME:
            problems.append(f"{what} differs by {off:.3f}")
        return off <= SAME

    def _is_seen(self, view: View, without: np.ndarray, live: np.ndarray, problems: list[str]) -> bool:
        """Whether a growth is seen on an object: among the pixels that the object covers."""
        covered = self._coverage(view)
        if not covered.any():
            problems.append(f"{view.thing} is not in sight")
            return False
        change = float(np.abs(live - without)[covered].mean())
        if self.pictures is not None:
            label = f"{self.path.parent.name} {self.path.stem} {bpy.data.objects[view.thing].data.materials[0].name}"
            self._render(view, self.pictures / f"{label} {view.thing.split()[-1]}.png".replace("/", "_"))
        if change <= SEEN:
            problems.append(f"{view.thing}: the growth changes it by {change:.3f}")
        return change > SEEN

    def _told(self, material: bpy.types.Material, has_own: bool) -> str:
        """What the panel says of a growth on the file's own object."""
        room = f"{checkout.PACKAGE}.blender_nca.addon"
        status = importlib.import_module(f"{room}.playback.picture").picture_of(material).problem
        if not has_own:
            return status
        with bpy.context.temp_override(object=bpy.data.objects[OWN.thing], material=material):
            flat = importlib.import_module(f"{room}.material.suitability").why_flat(bpy.context)
        return " ".join(filter(None, (status, flat)))

    def _coverage(self, view: View) -> np.ndarray:
        """Which pixels the object covers: bool (pixels,)."""
        layer = bpy.context.view_layer
        layer.material_override = bpy.data.materials.get("Trial Cover") or bpy.data.materials.new(
            "Trial Cover"
        )
        covered = self._render(view)[:, 3] > 0.5
        layer.material_override = None
        bpy.data.materials.remove(bpy.data.materials["Trial Cover"])
        return covered

    def _render(self, view: View, picture: Path | None = None) -> np.ndarray:
        """One object as it is now: (pixels, 4), linear, clipped to [0, 1]; into a picture, larger."""
        scene = bpy.context.scene
        scene.camera = bpy.data.objects[view.camera]
        for other in (PLANE, OWN):
            if other.thing in bpy.data.objects:
                bpy.data.objects[other.thing].hide_render = other is not view
        path = picture or self.folder / "trial.exr"
        scene.render.image_settings.file_format = "PNG" if picture else "OPEN_EXR"
        scene.render.image_settings.color_mode = "RGBA"
        scene.render.resolution_x = scene.render.resolution_y = 8 * SIDE if picture else SIDE
        scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(str(path), check_existing=False)
        pixels = np.empty(len(image.pixels), np.float32)
        image.pixels.foreach_get(pixels)
        bpy.data.images.remove(image)
        return np.nan_to_num(pixels.reshape(-1, 4)).clip(0, 1)


def _own_mesh(material: bpy.types.Material) -> bpy.types.Mesh | None:
    """The faces that show a material on the first object that has some, as a mesh of its own; None without any."""
    depsgraph = bpy.context.evaluated_depsgraph_get()
    for thing in bpy.data.objects:
        if thing.type not in {"MESH", "CURVE", "SURFACE", "META", "FONT"}:
            continue
        if material not in [slot.material for slot in thing.material_slots]:
            continue
        try:
            mesh = bpy.data.meshes.new_from_object(
                thing.evaluated_get(depsgraph), preserve_all_data_layers=True, depsgraph=depsgraph
            )
        except RuntimeError:
            continue  # it has no geometry
        numbers = [at for at, slot in enumerate(thing.material_slots) if slot.material == material]
        form = bmesh.new()
        form.from_mesh(mesh)
        others = [
            face
            for face in form.faces
            if min(face.material_index, len(thing.material_slots) - 1) not in numbers
        ]
        bmesh.ops.delete(form, geom=others, context="FACES")
        for face in form.faces:
            face.material_index = 0
        area = sum(face.calc_area() for face in form.faces)
        form.to_mesh(mesh)
        form.free()
        if area > 1e-12:
            mesh.materials.clear()
            mesh.materials.append(material)
            return mesh
        bpy.data.meshes.remove(mesh)
    return None


def _lies_in_points(mesh: bpy.types.Mesh) -> bool:
    """Whether nothing of a mesh has an area in the UV map that it renders with."""
    layer = next((layer for layer in mesh.uv_layers if layer.active_render), None)
    if layer is None:
        return True
    corners = np.empty(2 * len(layer.uv), np.float32)
    layer.uv.foreach_get("vector", corners)
    corners = corners.reshape(-1, 2)
    starts = np.empty(len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("loop_start", starts)
    sizes = np.maximum.reduceat(corners, starts) - np.minimum.reduceat(corners, starts)
    return float(sizes.max()) < 1e-6


def _best_sight(mesh: bpy.types.Mesh) -> tuple[Vector, Vector, float]:
    """From where most of a mesh is seen: the direction to look from, its middle, and half its size."""
    corners = np.empty(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", corners)
    used = np.unique([index for face in mesh.polygons for index in face.vertices])
    corners = corners.reshape(-1, 3)[used]
    low, high = corners.min(0), corners.max(0)
    facing = sum((face.normal * face.area for face in mesh.polygons), Vector())
    area = sum(face.area for face in mesh.polygons)
    direction = facing if facing.length > 0.3 * area else Vector((0.6, -0.7, 0.5))
    return direction.normalized(), Vector((low + high) / 2), float(np.linalg.norm(high - low)) / 2


def _look_at(scene: bpy.types.Scene, view: View, direction: Vector, middle: Vector, radius: float) -> None:
    """Put a camera before an object."""
    camera = bpy.data.objects.new(view.camera, bpy.data.cameras.new(view.camera))
    camera.data.type, camera.data.ortho_scale = "ORTHO", 2 * radius
    camera.data.clip_start, camera.data.clip_end = radius / 100, 10 * radius
    camera.location = middle + 3 * radius * direction
    camera.rotation_euler = direction.to_track_quat("Z", "Y").to_euler()
    scene.collection.objects.link(camera)


@contextlib.contextmanager
def _nothing_grown(material: bpy.types.Material) -> Iterator[None]:
    """Show a growth's pictures as if nothing had grown yet."""
    empty = bpy.data.images.new("Trial Empty", 2, 2, alpha=True, float_buffer=True, is_data=True)
    empty.pixels.foreach_set(np.zeros(16, np.float32))
    empty.alpha_mode = "CHANNEL_PACKED"
    nodes = [node for node in material.nca.tree.nodes if node.type == "TEX_IMAGE"]
    shown = [node.image for node in nodes]
    for node in nodes:
        node.image = empty
    yield
    for node, image in zip(nodes, shown, strict=True):
        node.image = image
    bpy.data.images.remove(empty)


def _blocks() -> set[str]:
    """All data-blocks of the kinds that a growth makes."""
    return {
        f"{kind}: {block.name_full}"
        for kind in BLOCKS
        for block in getattr(bpy.data, kind)
        if block.name_full not in COLLECTED
    }


def _differ(one: np.ndarray, other: np.ndarray) -> float:
    """How far two renders are from each other, per pixel."""
    return float(np.abs(one - other).mean())
