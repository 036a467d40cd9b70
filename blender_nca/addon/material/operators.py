# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators: make a growth on a material, take it away, exchange its species, change its DNA and seeds."""

from __future__ import annotations

import contextlib
import random

import bpy
from bpy.props import EnumProperty, IntProperty

from ..host.keyframes import remove_curves
from ..host.stubs import Result
from ..host.text import fill
from ..host.versions import use_nodes
from ..library import catalogue
from . import displacement, duplicates, events
from .node_group import group_nodes, make_group, remove_group, trees_of
from .properties import nca_of
from .sockets import is_growth
from .status import is_own, occupied, why_not_editable
from .suitability import why_no_growth
from .target import OnGrowth, OnMaterial, material_of, object_of
from .training import decline
from .wiring import unwire, wire

PARENT = {
    "name": "Species",
    "items": (("A", "A", "The first species"), ("B", "B", "The second species")),
    "options": {"HIDDEN"},
}


class NCA_OT_new(OnMaterial, bpy.types.Operator):
    """Let a pattern grow over this material. What the material was stays under it"""

    bl_idname = "nca.new"
    bl_label = "New Growth"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> Result:
        material = material_of(context, self.material)
        if material is None and self.material:
            problem = f"There is no material named “{self.material}”."
        elif material is None:
            problem = why_no_growth(context)
        else:
            problem = why_not_editable(material)
        if problem:
            self.report({"ERROR"}, problem)
            return {"CANCELLED"}
        if material is None:
            material = new_material(context)
        if nca_of(material).growing:
            self.report({"INFO"}, fill("{name} grows already.", name=material.name))
            return {"CANCELLED"}
        begin(material, context)
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_remove(OnGrowth, bpy.types.Operator):
    """Take the growth away. The material gets back the links and values that it had before"""

    bl_idname = "nca.remove"
    bl_label = "Remove Growth"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        from . import live_images

        nca = nca_of(material)
        events.ending(material)
        duplicates.separate()
        tree = nca.tree
        if tree is not None:
            displacement.switch(material, tree, False)
        _take_out(material)
        nca.tree = None
        remove_group(tree)
        live_images.remove_live(nca)
        remove_curves(material, "nca.")
        material.property_unset("nca")
        return {"FINISHED"}


class NCA_OT_make_local(OnMaterial, bpy.types.Operator):
    """Make this material and its growth a part of this file, where they can be changed.
    The other file stays as it is"""

    bl_idname = "nca.make_local"
    bl_label = "Make Local"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> Result:
        material = self.find(context)
        if material is None:
            return {"CANCELLED"}
        if is_own(material):
            self.report({"INFO"}, fill("{name} is a part of this file already.", name=material.name))
            return {"CANCELLED"}
        local = make_local(material)
        if local is None:
            self.report(
                {"ERROR"},
                f"The objects that show {material.name} are linked, too: make one of them local, or a library "
                "override, with Object > Library Override or Object > Relations > Make Local.",
            )
            return {"CANCELLED"}
        duplicates.separate()
        if nca_of(local).growing:
            events.changed(local)
        return {"FINISHED"}


class NCA_OT_wire(OnGrowth, bpy.types.Operator):
    """Put the growth's node group back before the Principled BSDF"""

    bl_idname = "nca.wire"
    bl_label = "Wire Again"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        duplicates.separate()
        nca = nca_of(material)
        _take_out(material)
        wire(material, nca.tree, shown=nca.ground == "OVER")
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_swap(OnGrowth, bpy.types.Operator):
    """Exchange the two species. The blend stays as it is, so more of the other one is seen"""

    bl_idname = "nca.swap"
    bl_label = "Exchange Species"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        nca = nca_of(material)
        a, b = nca.a, nca.b
        with contextlib.ExitStack() as stack:
            for each in events.swapping(material):
                stack.enter_context(each)
            for name in ("species", "manifold", "draft", "draft_problem", "learned", "dna"):
                mine, other = getattr(a, name), getattr(b, name)
                setattr(a, name, other)
                setattr(b, name, mine)
        return {"FINISHED"}


class NCA_OT_randomise_seed(OnGrowth, bpy.types.Operator):
    """Draw another random seed: another individual of the same species"""

    bl_idname = "nca.randomise_seed"
    bl_label = "Another Random Seed"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        nca_of(material).random_seed = random.randrange(2**31)
        return {"FINISHED"}


class NCA_OT_copy_dna(OnGrowth, bpy.types.Operator):
    """Copy these letters to the clipboard"""

    bl_idname = "nca.copy_dna"
    bl_label = "Copy DNA"

    parent: EnumProperty(**PARENT)

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        context.window_manager.clipboard = getattr(nca_of(material), self.parent.lower()).text
        return {"FINISHED"}


class NCA_OT_restore_dna(OnGrowth, bpy.types.Operator):
    """Take the DNA of the species as the library has it"""

    bl_idname = "nca.restore_dna"
    bl_label = "Restore DNA"
    bl_options = {"REGISTER", "UNDO"}

    parent: EnumProperty(**PARENT)

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        parent = getattr(nca_of(material), self.parent.lower())
        one = catalogue.species().find(parent.manifold, parent.species)
        parent.draft = parent.draft_problem = ""
        if one is None:
            self.report(
                {"WARNING"},
                f"{parent.species} is not in the library on this machine: its DNA stays as it is.",
            )
            return {"FINISHED"}
        parent.choose(one)
        return {"FINISHED"}


class NCA_OT_take_model(OnGrowth, bpy.types.Operator):
    """Grow by the model as it is now. The DNA stays; the growth looks different"""

    bl_idname = "nca.take_model"
    bl_label = "Take the New Model"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        material = material_of(context)
        if material is not None and nca_of(material).baked:
            return fill(
                "Bake by the model as it is now, next time. Until then the baked pictures stay, and so does the DNA"
            )
        return fill("Grow by the model as it is now. The DNA stays; the growth looks different")

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        if any(occupied(material)):
            self.report({"ERROR"}, f"{material.name} is being baked: wait for its end, or stop it.")
            return {"CANCELLED"}
        nca_of(material).take_model()
        events.changed(material)
        return {"FINISHED"}


class NCA_OT_keep_model(OnGrowth, bpy.types.Operator):
    """Leave the growth as it looks, and say no more of the new model"""

    bl_idname = "nca.keep_model"
    bl_label = "Use the Earlier Model"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        decline(nca_of(material))
        return {"FINISHED"}


class NCA_OT_add_point(OnGrowth, bpy.types.Operator):
    """Begin at one more place"""

    bl_idname = "nca.add_point"
    bl_label = "Add Point"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        points = nca_of(material).points
        # the first in the middle, the others somewhere new, where they are seen at once
        at = (random.random(), random.random()) if len(points) else (0.5, 0.5)
        points.add().at = at
        return {"FINISHED"}


class NCA_OT_remove_point(OnGrowth, bpy.types.Operator):
    """Do not begin at this place"""

    bl_idname = "nca.remove_point"
    bl_label = "Remove Point"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(options={"HIDDEN"})

    def act(self, context: bpy.types.Context, material: bpy.types.Material) -> Result:
        nca_of(material).points.remove(self.index)
        events.changed(material)
        return {"FINISHED"}


def new_material(context: bpy.types.Context, name: str = "Material") -> bpy.types.Material:
    """Give the active object a material; only where `why_no_growth` has nothing against it."""
    owner = object_of(context)
    material = bpy.data.materials.new(name)
    use_nodes(material)
    if not owner.material_slots:
        owner.data.materials.append(material)
    owner.active_material = material
    return material


def _take_out(material: bpy.types.Material) -> None:
    """Take the growth out of the material, and what was pasted in its place from another file, without its settings."""
    tree = nca_of(material).tree
    pasted = [] if group_nodes(material, tree) else [one for one in trees_of(material) if is_growth(one)]
    for one in (tree, *pasted):
        unwire(material, one)


def make_local(material: bpy.types.Material) -> bpy.types.Material | None:
    """A material of this file in place of one that is not; None where none of this file's objects shows it."""
    local = material.make_local(clear_liboverride=True)
    if is_own(local):
        return local
    # the meshes that show it are linked, and keep it; objects can show another one in its place
    slots = [
        slot
        for owner in bpy.data.objects
        if owner.is_editable and owner.library is None
        for slot in owner.material_slots
        if slot.material == material
    ]
    if not slots:
        return None
    local = material.copy()
    for slot in slots:
        slot.link, slot.material = "OBJECT", local
    return local


def begin(material: bpy.types.Material, context: bpy.types.Context) -> None:
    """Make a material grow, the first two species of the first model, from the first frame of the scene on."""
    from . import live_images
    from .migration import VERSION
    from .picture_nodes import read_live

    nca = nca_of(material)
    a, b = catalogue.default_species()
    if a is not None:
        nca.a.choose(a)
        nca.b.choose(b)
    nca.version = VERSION
    nca.start_frame = context.scene.frame_start
    nca.settles = nca.fine = True
    live_images.ensure_live(material)
    nca.tree = make_group(material)
    read_live(nca.tree, live_images.images_of(nca), nca.wrap)
    nca.growing = True
    unwire(material, None)  # what came without its group, where a growth was pasted from another file
    wire(material, nca.tree, shown=nca.ground == "OVER")
    events.begun(material)


classes = (
    NCA_OT_new,
    NCA_OT_remove,
    NCA_OT_make_local,
    NCA_OT_wire,
    NCA_OT_swap,
    NCA_OT_randomise_seed,
    NCA_OT_copy_dna,
    NCA_OT_restore_dna,
    NCA_OT_take_model,
    NCA_OT_keep_model,
    NCA_OT_add_point,
    NCA_OT_remove_point,
)
