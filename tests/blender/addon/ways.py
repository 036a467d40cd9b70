# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways: how a growth comes to be in a file, or there twice, and what is then each material's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import bpy

FROM_LIBRARY, IN_THE_FILE = "library.blend", "file.blend"


def animate(material: bpy.types.Material) -> None:
    """Give keyframes to the growth, to its node, and to a node in its group."""
    group = material.node_tree.nodes["Neural Growth"]
    mapping = next(node for node in material.nca.tree.nodes if node.type == "MAPPING")
    for frame, value in ((1, 0.0), (9, 1.0)):
        material.nca.blend = group.inputs["Relief"].default_value = value
        material.keyframe_insert("nca.blend", frame=frame)
        group.inputs["Relief"].keyframe_insert("default_value", frame=frame)
        mapping.inputs["Scale"].keyframe_insert("default_value", frame=frame)


def check_owners(growing, count: int, is_pasted: bool = False) -> list[bpy.types.Material]:
    """Hold what each growing material of the file shows against what is its own; there are as many as `count`."""
    group_nodes = growing.module("addon.material.node_group").group_nodes
    pictures_of = growing.module("addon.material.picture_nodes").pictures_of
    fcurves_of = growing.module("addon.host.keyframes").fcurves_of
    own = [one for one in bpy.data.materials if one.nca.growing and one.library is None]
    assert len(own) == count, [material.name for material in own]
    owned: list[bpy.types.ID] = []
    for material in own:
        nca = material.nca
        assert group_nodes(material, nca.tree), material.name
        shown = [node.image for node in pictures_of(nca.tree)]
        if nca.baked:
            assert shown and all(image.library is None for image in shown)
            assert all(Path(bpy.path.abspath(image.filepath)).is_file() for image in shown)
        else:
            assert shown == [nca.image_colour, nca.image_data]
            assert growing.shows(material, bpy.context.scene.frame_current)
            owned += shown
        owned.append(nca.tree)
        for animated in (material, nca.tree) if is_pasted else (material, nca.tree, material.node_tree):
            assert list(fcurves_of(animated)), (material.name, animated.name)
            action, slot = (
                animated.animation_data.action,
                getattr(animated.animation_data, "action_slot", None),
            )
            users = slot.users() if slot else bpy.data.user_map(subset=[action])[action]
            assert action.library is None
            assert len([user for user in users if user.library is None]) == 1, (material.name, animated.name)
    assert all(block.library is None for block in owned) and len(set(owned)) == len(owned)
    return own


def _material(library: Path, **options: bool) -> bpy.types.Material:
    with bpy.data.libraries.load(str(library), **options) as (_, wanted):
        wanted.materials = ["Wood"]
    return wanted.materials[0]


def _object(library: Path, **options: bool) -> bpy.types.Object:
    with bpy.data.libraries.load(str(library), **options) as (_, wanted):
        wanted.objects = ["Plane"]
    bpy.context.scene.collection.objects.link(wanted.objects[0])
    wanted.objects[0].select_set(True)
    return wanted.objects[0]


def _override(library: Path) -> bpy.types.Material:
    """Override an object, its mesh and its material."""
    owner = _object(library, link=True).override_create(remap_local_usages=True)
    owner.data.override_create(remap_local_usages=True)
    material = owner.material_slots[0].material.override_create(remap_local_usages=True)
    bpy.context.view_layer.objects.active = owner
    owner.select_set(True)
    return material


def _append(library: Path, reuse: bool) -> None:
    bpy.ops.wm.append(directory=f"{library}/Material/", filename="Wood", do_reuse_local_id=reuse)


def _duplicate_object() -> None:
    edit = bpy.context.preferences.edit
    before, edit.use_duplicate_material = edit.use_duplicate_material, True
    bpy.ops.object.duplicate()
    edit.use_duplicate_material = before


def _paste(onto: bpy.types.Material) -> None:
    with bpy.context.temp_override(material=bpy.data.materials["Wood"]):
        bpy.ops.material.copy()
    with bpy.context.temp_override(material=onto):
        bpy.ops.material.paste()


def _paste_onto_plain() -> None:
    plain = bpy.data.materials.new("Plain")
    if bpy.app.version < (5, 0, 0):
        plain.use_nodes = True
    plain.use_fake_user = True
    _paste(plain)


def _make_group_single_user() -> None:
    material = bpy.data.materials["Wood"]
    material.node_tree.nodes["Neural Growth"].node_tree = material.nca.tree.copy()


def _swap_names() -> None:
    first = bpy.data.materials["Wood"]
    second = first.copy()
    first.name, second.name, first.name = "For a Moment", "Wood", "Wood.001"
    first.nca.tree.name = "Mine"


OF_LIBRARY: dict[str, tuple[int, Callable[[Path], object]]] = {
    "linked, made local": (1, lambda library: _material(library, link=True).make_local()),
    "linked, copied": (1, lambda library: _material(library, link=True).copy()),
    "linked with its object, made local with it": (
        1,
        lambda library: (
            _object(library, link=True),
            bpy.ops.object.make_local(type="SELECT_OBDATA_MATERIAL"),
        ),
    ),
    "linked with its object, all made local": (
        1,
        lambda library: (_object(library, link=True), bpy.ops.object.make_local(type="ALL")),
    ),
    "overridden, all made local": (
        2,
        lambda library: (_override(library), bpy.ops.object.make_local(type="ALL")),
    ),
    "appended twice": (2, lambda library: [_object(library), _object(library)]),
    "appended twice, with what is there": (2, lambda library: [_append(library, True) for _ in range(2)]),
}
"""Way -> how many growths there are, and what brings them from another file."""
if bpy.app.version >= (5, 1, 0):  # 5.0 loses the keyframes of what is packed
    OF_LIBRARY["packed, made local"] = (
        1,
        lambda library: _material(library, link=True, pack=True).make_local(),
    )
OF_FILE: dict[str, tuple[int, Callable[[], object]]] = {
    "copied twice": (3, lambda: bpy.data.materials["Wood"].copy().copy()),
    "duplicated with its object": (2, _duplicate_object),
    "pasted": (2, _paste_onto_plain),
    "its group made single-user": (1, _make_group_single_user),
    "names exchanged": (2, _swap_names),
}
"""Way -> how many growths there are, and what makes them of one in the file."""


def check_ways_from(growing, library: Path, folder: Path, way: str) -> None:
    """Bring growths from another file, look at them, and again after the file was saved and opened."""
    path = str(folder / "shot" / IN_THE_FILE)
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    (folder / "shot").mkdir()
    bpy.ops.wm.save_as_mainfile(filepath=path)
    count, bring = OF_LIBRARY[way]
    bring(library)
    _check_here_and_reopened(growing, count, path)


def check_ways_in(growing, file: Path, way: str) -> None:
    """Double a growth of a file, look at both, and again after undo and redo, and after it was saved and opened."""
    bpy.ops.wm.open_mainfile(filepath=str(file), load_ui=False)
    bpy.ops.ed.undo_push(message="before")
    count, double = OF_FILE[way]
    double()
    bpy.ops.ed.undo_push(message=way)
    bpy.context.scene.frame_set(4)
    check_owners(growing, count, way == "pasted")
    for undo, expected in ((bpy.ops.ed.undo, 1), (bpy.ops.ed.redo, count)):
        undo()
        bpy.context.scene.frame_set(5)
        check_owners(growing, expected, way == "pasted")
    _check_here_and_reopened(growing, count, str(file.with_name(IN_THE_FILE)), way == "pasted")


def _check_here_and_reopened(growing, count: int, path: str, is_pasted: bool = False) -> None:
    bpy.context.scene.frame_set(4)
    for material in check_owners(growing, count, is_pasted):
        material.use_fake_user = True
        assert material.nca.random_seed == 3
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path, load_ui=False)
    bpy.context.scene.frame_set(5)
    check_owners(growing, count, is_pasted)
