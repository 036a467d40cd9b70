# SPDX-License-Identifier: GPL-3.0-or-later
"""Translucency: light goes into a growth as its species hint and the artist says, and nowhere else."""

from __future__ import annotations

import bpy
import numpy as np
import pytest

from blender_nca.genetics.translucency import Translucency, mix

from ..exported import export, picture
from ..materials import describe

SOCKETS = {
    "Subsurface Weight": "subsurface",
    "Subsurface Radius": "radius",
    "Subsurface Scale": "scale",
    "Transmission Weight": "transmission",
    "IOR": "ior",
}
ICE, WAX = Translucency(0.6, (0.5, 0.8, 1.0), 0.04, 0.3, 1.31), Translucency(0.3, (1.0, 0.5, 0.1), 0.01)


@pytest.fixture
def hinting(growing, monkeypatch):
    """Ash lets light in as ice does, Birch as wax; Cedar says nothing."""
    hints = {"Ash": ICE, "Birch": WAX}
    genetics = growing.module("genetics.translucency")
    library = growing.module("addon.library").species()
    for one in library.species:
        hint = hints.get(one.name)
        if hint is not None:
            # the add-on's own classes: it is loaded under another name than the tests' package
            object.__setattr__(one, "translucency", genetics.Translucency.from_json(hint.to_json()))
    return growing, library


def principled_of(material: bpy.types.Material) -> bpy.types.Node:
    return material.node_tree.nodes["Principled BSDF"]


def fed(material: bpy.types.Material) -> set[str]:
    return {one.name for one in principled_of(material).inputs if one.is_linked} & set(SOCKETS)


def given(material: bpy.types.Material) -> Translucency:
    """What the growth's nodes hold in the frame that is shown."""
    bpy.context.view_layer.update()
    found = {}
    for name, property in SOCKETS.items():
        node = material.nca.tree.nodes.get(f"{name} over Ground")
        if node is not None:
            sockets = [one for one in node.inputs if one.enabled and not one.is_linked]
            value = sockets[0].default_value
            found[property] = tuple(value) if hasattr(value, "__len__") else value
    return Translucency(**found)


def check(material: bpy.types.Material, blend: float) -> None:
    metres = [Translucency(**{**vars(one), "scale": 2 * one.scale}) for one in (ICE, WAX)]  # a plane of 2 m
    wanted = mix(metres, (1 - blend, blend))
    for name in SOCKETS.values():
        found = np.array(getattr(given(material), name))
        np.testing.assert_allclose(found, getattr(wanted, name), rtol=1e-4, atol=1e-5, err_msg=name)


def test_light_goes_into_a_growth_as_its_species_hint_and_in_a_blend_between(hinting):
    growing, _ = hinting
    material = growing.material()
    nca = material.nca
    check(material, 0.0)
    assert fed(material) == set(SOCKETS)
    nca.blend = 0.25
    check(material, 0.25)
    assert not any("over Ground" in curve.data_path for curve in drivers_of(nca.tree)), "nothing moves"
    for frame, blend in ((1, 0.0), (11, 1.0)):
        nca.blend = blend
        material.keyframe_insert("nca.blend", frame=frame)
    nca.blend = 1.0
    for frame in (1, 4, 11):
        bpy.context.scene.frame_set(frame)
        check(material, nca.blend)
    copy = material.copy()
    bpy.context.object.active_material = copy
    growing.module("addon.material.duplicates").separate()
    targets = {v.targets[0].id for curve in drivers_of(copy.nca.tree) for v in curve.driver.variables}
    assert targets == {copy}


def drivers_of(tree: bpy.types.NodeTree) -> list[bpy.types.FCurve]:
    return list(tree.animation_data.drivers) if tree.animation_data else []


def test_stone_and_growths_of_before_have_no_node_of_it_and_what_was_there_comes_back(hinting):
    growing, library = hinting
    material = growing.material()
    principled = principled_of(material)
    nca, cedar, ash = material.nca, library.find("tiny", "Cedar"), library.find("tiny", "Ash")
    assert fed(material) == set(SOCKETS)
    nca.a.choose(cedar)
    assert not fed(material) and given(material) == Translucency()
    principled.inputs["IOR"].default_value = 1.8
    principled.inputs["Subsurface Radius"].default_value = (0.3, 0.2, 0.1)
    nca.a.choose(ash)
    assert fed(material) == set(SOCKETS)
    nca.translucent = False
    assert not fed(material)
    assert principled.inputs["IOR"].default_value == pytest.approx(1.8)
    assert tuple(principled.inputs["Subsurface Radius"].default_value) == pytest.approx((0.3, 0.2, 0.1))
    nca.a.choose(cedar)
    nca.a.choose(ash)  # a file from before has it off, whatever is chosen in it
    assert not fed(material)
    nca.translucent = True
    bpy.ops.nca.remove()
    assert not fed(material) and principled.inputs["IOR"].default_value == pytest.approx(1.8)


def test_ground_that_lets_light_in_gives_way_as_before(hinting):
    _, library = hinting
    bpy.ops.mesh.primitive_plane_add()
    material = bpy.data.materials.new("Jade")
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    bpy.context.object.data.materials.append(material)
    principled_of(material).inputs["Subsurface Weight"].default_value = 0.5
    before = describe(material.node_tree)
    bpy.ops.nca.new()
    nca = material.nca
    nca.b.choose(library.find("tiny", "Birch"))
    nca.a.choose(library.find("tiny", "Cedar"))
    assert fed(material) == {"Subsurface Weight"}
    group = material.node_tree.nodes["Neural Growth"]
    assert group.inputs["Ground Subsurface"].default_value == 0.5
    nca.a.choose(library.find("tiny", "Ash"))
    assert fed(material) == set(SOCKETS) and group.inputs["Ground Subsurface"].default_value == 0.5
    bpy.ops.nca.remove()
    assert describe(material.node_tree) == before


def test_an_artist_s_numbers_stay_with_their_species(hinting):
    growing, library = hinting
    nca = growing.material().nca
    nca.translucency_a.subsurface = 0.9
    letters = nca.a.dna
    nca.a.text = letters[:-1] + ("A" if letters[-1] != "A" else "C")
    assert nca.translucency_a.subsurface == pytest.approx(0.9), "of a DNA that was edited a little"
    kept = growing.module("addon.translucency.properties").hint_of(nca.a)
    assert (kept.subsurface, kept.scale) == (0.9, ICE.scale), "what a species of one's own is saved with"
    bpy.ops.nca.swap()
    assert nca.translucency_b.subsurface == pytest.approx(0.9) and nca.a.species == "Birch"
    assert nca.translucency_a.subsurface == pytest.approx(WAX.subsurface)
    nca.b.choose(library.find("tiny", "Cedar"))
    assert nca.translucency_b.subsurface == 0


def test_exports_carry_it_where_the_growth_is(hinting, exporting, tmp_path):
    growing, _ = hinting
    material = growing.material(seeds="SCATTERED")
    bpy.context.scene.frame_set(4)
    written, whole = export(tmp_path)
    said = written["extensions"]["KHR_materials_transmission"]
    assert said["transmissionFactor"] == pytest.approx(ICE.transmission)
    assert written["extensions"]["KHR_materials_ior"]["ior"] == pytest.approx(ICE.ior)
    share = picture(tmp_path, whole, said["transmissionTexture"])
    alpha = growing.grown(material, 4)[0, ::-1, :, 3]
    np.testing.assert_allclose(share.reshape(*alpha.shape, -1)[..., 0], alpha, atol=0.01)
    assert bpy.ops.nca.export_usd(filepath=str(tmp_path / "scene.usda")) == {"FINISHED"}
    written = (tmp_path / "textures" / "Wood_transmission.png", tmp_path / "textures" / "Wood_subsurface.png")
    assert all(path.is_file() for path in written)
    text = (tmp_path / "scene.usda").read_text("utf-8")
    assert "Wood_subsurface.png" in text or "generate_materialx_network" not in dir_of_exporter(), text


def dir_of_exporter() -> set[str]:
    return set(bpy.ops.wm.usd_export.get_rna_type().properties.keys())
