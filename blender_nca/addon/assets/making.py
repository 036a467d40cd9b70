# SPDX-License-Identifier: GPL-3.0-or-later
"""Making: a species as a .blend file with one material that grows it, marked as an asset.

A file each, so that a library can be made one by one while the window goes on, a studio's artists download what they
drop and no more, and a species that was changed is written alone. A file holds no pictures but the preview: they grow.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import bpy

from ...genetics.species import Species, SpeciesError
from ..host.versions import let_append, use_nodes
from ..library import catalogue, own
from ..material import learned
from ..material.node_group import remove_group
from ..material.operators import begin
from ..material.properties import NCA_PG_growth, nca_of
from ..species.browsing import families
from . import catalogues
from .mark import MARK

ROOT = "Neural Growth"


def path_of(one: Species, shared: set[str]) -> str:
    """The catalogue of a species: by its model, and by its family where it has one."""
    title = catalogue.models().get(one.manifold, {}).get("title")
    family = next((tag for tag in one.tags if tag in shared), "")
    names = [ROOT, title if isinstance(title, str) and title else one.manifold, family.capitalize()]
    return "/".join(catalogues.tidy(name) for name in names if name)


def paths_of(species: list[Species]) -> list[str]:
    """The catalogues of some species, one each."""
    shared = set(families(catalogue.species().species))
    return [path_of(one, shared) for one in species]


def write(folder: Path, one: Species, path: str, context: bpy.types.Context) -> Path:
    """Write the file of a species into an asset library; one that is there goes for it.

    The open file is left as it is.

    Parameters
    ----------
    folder : Path
        Which is there.
    one : Species
        Whose model is here.
    path : str
        Of its catalogue.
    context : Context

    Raises
    ------
    SpeciesError
        It cannot be written.
    """
    file = folder / f"{own.stem_of(one.manifold, one.name)}.blend"
    with _lent_name(one.name):
        material = bpy.data.materials.new(one.name)
        try:
            _let_grow(material, one, context)
            _mark(material, one, path)
            bpy.data.libraries.write(str(file), {material}, fake_user=True, compress=True)
        except (OSError, RuntimeError) as error:
            raise SpeciesError(f"“{one.name}” was not written to {file}: {error}") from error
        finally:
            _remove(material)
    return file


def read(file: Path, name: str) -> Species:
    """Read which species a material of an asset library grows. What it learned is kept in the user folder.

    The open file is left as it is.

    Parameters
    ----------
    file : Path
    name : str
        Of the material.

    Raises
    ------
    SpeciesError
        The file cannot be read, or holds no such material, or one that grows nothing, or what it learned is not there.
    """
    try:
        with bpy.data.libraries.load(str(file), assets_only=True) as (there, here):
            here.materials = [one for one in there.materials if one == name]
    except OSError as error:
        raise SpeciesError(f"{file} cannot be read: {error}. Make the asset library anew.") from error
    if not here.materials:
        raise SpeciesError(f"There is no “{name}” in {file}: refresh the asset library.")
    (material,) = here.materials
    nca = nca_of(material)
    try:
        problem = learned.why_missing(nca)
        if problem or not nca.growing:
            raise SpeciesError(problem or f"“{name}” is no species: it grows nothing.")
        return Species(nca.a.species, nca.a.dna, nca.a.manifold, learned=tuple(nca.a.learned.split()))
    finally:
        _remove(material)


def _let_grow(material: bpy.types.Material, one: Species, context: bpy.types.Context) -> None:
    use_nodes(material)
    begin(material, context)
    nca = nca_of(material)
    nca.a.choose(one)
    nca.b.choose(one)
    learned.pack(material)
    _drop_pictures(nca)  # who gets it paints its own


def _mark(material: bpy.types.Material, one: Species, path: str) -> None:
    """Mark a material as an asset, with all that the browser shows of it."""
    import numpy as np

    material[MARK] = True
    material.asset_mark()
    data = material.asset_data
    assert data is not None  # it was made just now
    data[MARK] = one.manifold
    data.catalog_id = catalogues.identify(path)
    let_append(data)  # what is linked or packed does not grow
    data.author, data.license = one.author, one.licence
    data.description = f"Grows {one.name} on what it is dropped on. Needs the extension Neural Growth"
    for tag in one.tags:
        data.tags.new(tag, skip_if_exists=True)
    if one.picture is None:
        return
    image = bpy.data.images.load(str(one.picture))
    try:
        preview = material.preview_ensure()
        preview.image_size = image.size
        if image.has_data:
            preview.image_pixels_float.foreach_set(np.array(image.pixels, np.float32))
    finally:
        bpy.data.images.remove(image)


def _remove(material: bpy.types.Material) -> None:
    nca = nca_of(material)
    _drop_pictures(nca)
    tree, texts = nca.tree, [unit.file for unit in learned.learning_of(material).units]
    bpy.data.materials.remove(material)
    remove_group(tree)
    for text in texts:
        if text is not None and not text.users:
            bpy.data.texts.remove(text)


def _drop_pictures(nca: NCA_PG_growth) -> None:
    from ..material import live_images
    from ..material.picture_nodes import pictures_of

    for node in pictures_of(nca.tree) if nca.tree is not None else ():
        node.image = None
    live_images.remove_live(nca)


@contextlib.contextmanager
def _lent_name(name: str) -> Iterator[None]:
    """Let a material of the open file lend its name meanwhile."""
    owner = next((one for one in bpy.data.materials if one.name == name and one.library is None), None)
    if owner is not None:
        owner.name = f"{name[:40]} "
    try:
        yield
    finally:
        if owner is not None:
            owner.name = name
