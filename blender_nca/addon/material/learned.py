# SPDX-License-Identifier: GPL-3.0-or-later
"""Learned: the learned species of a growth. Their files are packed into the .blend file as it is saved.

A growth names the units that it grows by, and each is one file in the extension's user folder. A material keeps a copy
in a text of the .blend file, which goes along where it is appended or linked, so that opening it needs nothing else: a
render farm has no artist who would import a file. It is small, and shared by all materials of a species.
"""

from __future__ import annotations

import base64
import binascii
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import bpy
from bpy.props import BoolProperty, CollectionProperty, PointerProperty, StringProperty

from ...genetics.species import SpeciesError
from ..library import learned
from . import layering
from .properties import NCA_PG_growth, NCA_PG_parent, nca_of
from .status import is_own

if TYPE_CHECKING:

    class Units(Sequence["NCA_PG_unit"]):
        """A collection of Blender's."""

        def add(self) -> NCA_PG_unit: ...
        def remove(self, index: int) -> None: ...

    class Learning(NCA_PG_growth):
        """A growth with the properties that `register` adds."""

        units: Units
        packs_units: bool


KEY = "nca_unit"
"""Custom property of a text that holds a species' file: the key of its unit."""
SAID = "The learned species “{}” of Neural Growth: materials of this file grow by it."


class NCA_PG_unit(bpy.types.PropertyGroup):
    """A learned species that a growth has with it."""

    key: StringProperty(name="Key", options={"HIDDEN"})
    species: StringProperty(name="Species", options={"HIDDEN"})
    file: PointerProperty(type=bpy.types.Text, name="File", options={"HIDDEN"})


PROPERTIES = {
    "units": CollectionProperty(type=NCA_PG_unit, options={"HIDDEN"}),
    "packs_units": BoolProperty(
        name="Pack into the .blend File",
        description="Save the learned species of this growth in the .blend file, so that opening it needs nothing "
        "else, on any machine. Each takes half a megabyte, once for all materials",
        default=True,
        options={"HIDDEN"},
    ),
}
classes = (NCA_PG_unit,)


def learning_of(material: bpy.types.Material) -> Learning:
    """What a material keeps of its growth, with its learned species."""
    return nca_of(material)  # type: ignore[return-value]  # it has those properties from `register` on


def keys_of(nca: NCA_PG_growth, also_off: bool = False) -> tuple[str, ...]:
    """The keys of the units that a growth grows by; see `layering.parents_of`."""
    parents = _parents_of(nca, also_off)
    return tuple(dict.fromkeys(key for parent in parents for key in learned.keys_in(parent.learned)))


def why_missing(nca: NCA_PG_growth) -> str:
    """Which learned species is not on this machine, and what to do; empty where all are. Unpacks those of the file."""
    for parent in _parents_of(nca):
        for key in learned.keys_in(parent.learned):
            if not learned.is_here(key):
                problem = _unpack(nca, parent, key)
                if problem:
                    return problem
    return ""


def _parents_of(nca: NCA_PG_growth, also_off: bool = False) -> list[NCA_PG_parent]:
    return layering.parents_of(nca.id_data, also_off)  # type: ignore[arg-type]  # materials alone have such properties


def pack(material: bpy.types.Material) -> None:
    """Let the .blend file have the learned species of a growth, or not, as the artist says."""
    nca = learning_of(material)
    keys = keys_of(nca, also_off=True) if nca.packs_units else ()
    for number in reversed(range(len(nca.units))):
        if nca.units[number].key not in keys:
            nca.units.remove(number)
    for key in keys:
        unit = next((one for one in nca.units if one.key == key), None)
        if unit is None:
            unit = nca.units.add()
            unit.key = key
        if unit.file is None or unit.file.library is not None:
            unit.file = _text(key) or unit.file
        header = learned.header_of(key)
        unit.species = header.species.name if header else unit.species


def pack_all() -> None:
    """Pack what the open file needs, and take out what nothing in it grows by any more."""
    for material in bpy.data.materials:
        nca = nca_of(material)
        if is_own(material) and (nca.growing or learning_of(material).units):
            pack(material)
    used = {unit.file for material in bpy.data.materials for unit in learning_of(material).units}
    for text in list(bpy.data.texts):
        if text.get(KEY) and text.library is None and text not in used:
            bpy.data.texts.remove(text)


def _text(key: str) -> bpy.types.Text | None:
    """The text of this file with a unit's species, made where there is none; None where the species is not here."""
    for text in bpy.data.texts:
        if text.get(KEY) == key and text.library is None:
            return text
    content, header = learned.content_of(key), learned.header_of(key)
    if content is None or header is None:
        return None
    text = bpy.data.texts.new(f"{header.species.name}.species")
    lines = [SAID.format(header.species.name), *textwrap.wrap(base64.b64encode(content).decode("ascii"), 120)]
    text.from_string("\n".join(lines))
    text[KEY] = key
    return text


def _unpack(nca: NCA_PG_growth, parent: NCA_PG_parent, key: str) -> str:
    """Put a species of the .blend file where growths find it; why not, where that cannot be done."""
    name = parent.species or "chosen here"
    for unit in learning_of(nca.id_data).units:  # type: ignore[arg-type]  # materials alone have such properties
        if unit.key != key or unit.file is None:
            continue
        try:
            content = base64.b64decode(unit.file.as_string().partition("\n")[2])
            header = learned.keep(content, f"“{unit.file.name}”")
        except binascii.Error:
            return f"The species “{name}” in the text “{unit.file.name}” is damaged: {_REMEDY}"
        except SpeciesError as error:
            return f"The species “{name}” could not be unpacked: {error}"
        if header.species.learned == (key,):
            return ""
    return f"The species “{name}” was learned from a picture, and its file is not on this machine: {_REMEDY}"


_REMEDY = "import its file, or choose another species. The DNA is kept."


def register() -> None:
    """Add them to what a growing material keeps."""
    for name, declared in PROPERTIES.items():
        setattr(NCA_PG_growth, name, declared)


def unregister() -> None:
    """Take them away; files keep what they hold."""
    for name in PROPERTIES:
        delattr(NCA_PG_growth, name)
