# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth: make one on a material, take it away, exchange its species, draw another individual."""

from __future__ import annotations

import random

import bpy

from .. import active, bake, compat, copies, images, library, materials, playback, versions
from .target import OnGrowth, OnMaterial


class NCA_OT_new(OnMaterial, bpy.types.Operator):
    """Let a pattern grow over this material. What the material was stays under it"""

    bl_idname = "nca.new"
    bl_label = "New Growth"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        material = active.material_of(context, self.material)
        if material is None and self.material:
            problem = f"There is no material named “{self.material}”."
        elif material is None:
            problem = active.why_no_growth(context)
        else:
            problem = active.why_not_editable(material)
        if problem:
            self.report({"ERROR"}, problem)
            return {"CANCELLED"}
        if material is None:
            material = _new_material(active.object_of(context))
        if material.nca.growing:
            self.report({"INFO"}, f"{material.name} grows already.")
            return {"CANCELLED"}
        is_wired = _begin(material, context.scene)
        if not is_wired:
            self.report(
                {"WARNING"},
                f"{material.name} has no Principled BSDF: link the outputs of its new node “Neural Growth” yourself.",
            )
        playback.refresh_all()
        return {"FINISHED"}


class NCA_OT_remove(OnGrowth, bpy.types.Operator):
    """Take the growth away. The material gets back the links and values that it had before"""

    bl_idname = "nca.remove"
    bl_label = "Remove Growth"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        nca = material.nca
        running = bake.running(material)
        if running is not None:
            running.cancel()
        playback.forget(material)
        copies.split()
        tree = nca.tree
        materials.unwire(material, tree)
        nca.tree = None
        materials.remove_group(tree)
        images.remove_live(nca)
        for curve in list(compat.fcurves_of(material)):
            if curve.data_path.startswith("nca."):
                compat.remove_fcurve(material, curve)
        material.property_unset("nca")
        return {"FINISHED"}


class NCA_OT_wire(OnGrowth, bpy.types.Operator):
    """Put the growth's node group back before the Principled BSDF"""

    bl_idname = "nca.wire"
    bl_label = "Wire Again"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        copies.split()
        materials.unwire(material, material.nca.tree)
        materials.wire(material, material.nca.tree)
        playback.refresh(material)
        return {"FINISHED"}


class NCA_OT_swap(OnGrowth, bpy.types.Operator):
    """Exchange the two species. The blend stays as it is, so more of the other one is seen"""

    bl_idname = "nca.swap"
    bl_label = "Exchange Species"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        a, b = material.nca.a, material.nca.b
        for name in ("species", "manifold", "draft", "draft_problem", "dna"):
            mine, other = getattr(a, name), getattr(b, name)
            setattr(a, name, other)
            setattr(b, name, mine)
        return {"FINISHED"}


class NCA_OT_randomise_seed(OnGrowth, bpy.types.Operator):
    """Draw another random seed: another individual of the same species"""

    bl_idname = "nca.randomise_seed"
    bl_label = "Another Random Seed"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        material.nca.random_seed = random.randrange(2**31)
        return {"FINISHED"}


def _new_material(owner: bpy.types.Object) -> bpy.types.Material:
    material = bpy.data.materials.new("Material")
    compat.use_nodes(material)
    if not owner.material_slots:
        owner.data.materials.append(material)
    owner.active_material = material
    return material


def _begin(material: bpy.types.Material, scene: bpy.types.Scene) -> bool:
    """Make a material grow; whether its group could be wired."""
    nca = material.nca
    a, b = library.default_species()
    if a is not None:
        nca.a.choose(a)
        nca.b.choose(b)
    nca.version = versions.VERSION
    nca.start_frame = scene.frame_start
    nca.bake_start, nca.bake_end = max(0, scene.frame_start), max(0, scene.frame_end)
    images.ensure_live(material)
    nca.tree = materials.make_group(material)
    materials.read_live(nca.tree, nca)
    nca.growing = True
    return materials.wire(material, nca.tree)


classes = (NCA_OT_new, NCA_OT_remove, NCA_OT_wire, NCA_OT_swap, NCA_OT_randomise_seed)
