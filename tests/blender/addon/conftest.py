# SPDX-License-Identifier: GPL-3.0-or-later
"""A tiny model with three species for the add-on, and materials that grow it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import addon_utils
import bpy
import numpy as np
import pytest

from blender_nca.automaton.update_rule import LIFE
from blender_nca.genetics.species import Species, write_species
from blender_nca.manifold import model_file
from blender_nca.manifold.architecture import Architecture

from .materials import live_pixels, make_rich
from .stage import closest, stage

MODEL = "tiny"
DNA = {"Ash": "ACGTACGT", "Birch": "TTGACCAG", "Cedar": "GGATTACA"}
WIDTH, HEIGHT, PIXELS = 16, 8, 2


def write_model(folder: Path, random_seed: int = 0) -> Path:
    """Write a manifold whose cells come to life beside living ones and take on colours, without training."""
    sizes = Architecture(dna_length=8, channels=8, hidden=16, painting=8)
    weights = sizes.initial_weights(random_seed)
    random = np.random.default_rng(random_seed)
    weights["rule.out_of_hidden"][:] = random.normal(0, 0.05, weights["rule.out_of_hidden"].shape)
    weights["rule.into_hidden"][:, 0] = 0
    weights["rule.hidden_bias"][0] = 1
    weights["rule.out_of_hidden"][0, LIFE] = 0.1
    weights["transcribe.1.weight"] *= 0.1
    weights["paint.2.bias"][:] = 0.5
    folder.mkdir(parents=True)
    content = _safetensors({name: np.ascontiguousarray(weights[name], np.float32) for name in sizes.shapes()})
    (folder / model_file.WEIGHTS).write_bytes(content)
    card = {
        "format": model_file.FORMAT,
        "version": model_file.VERSION,
        "name": folder.name,
        "architecture": asdict(sizes),
        "maps": list(model_file.MAP_CHANNELS),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    (folder / model_file.CARD).write_text(json.dumps(card))
    return folder


def _safetensors(tensors: dict[str, np.ndarray]) -> bytes:
    """The file format of safetensors, which only the main environment has."""
    header, numbers = {}, b""
    for name, tensor in tensors.items():
        end = len(numbers) + tensor.nbytes
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(numbers), end]}
        numbers += tensor.tobytes()
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + numbers


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    """A folder with the tiny model and its species."""
    folder = tmp_path_factory.mktemp("models")
    write_model(folder / MODEL)
    for name, dna in DNA.items():
        write_species(folder / MODEL / "species" / f"{name.lower()}.json", Species(name, dna, MODEL))
    return folder


@pytest.fixture
def other_models(tmp_path) -> Path:
    """A folder with another model of the tiny one's name."""
    write_model(tmp_path / "others" / MODEL, random_seed=5)
    return tmp_path / "others"


@pytest.fixture
def rich() -> bpy.types.Material:
    """A material with links and values of its own."""
    return make_rich()


class Growing:
    """The add-on with the tiny model, and what tests do with it."""

    def __init__(self, neural_growth):
        self.neural_growth = neural_growth
        self.module = neural_growth.module

    def material(self, name: str = "Wood", **values) -> bpy.types.Material:
        """A plane with a material that grows Ash into Birch on a tiny grid."""
        bpy.ops.mesh.primitive_plane_add()
        plane = bpy.context.object
        material = bpy.data.materials.new(name)
        if bpy.app.version < (5, 0, 0):
            material.use_nodes = True
        plane.data.materials.append(material)
        assert bpy.ops.nca.new() == {"FINISHED"}
        nca = material.nca
        library = self.module("addon.library").species()
        nca.a.choose(library.find(MODEL, "Ash"))
        nca.b.choose(library.find(MODEL, "Birch"))
        settings = {"width": WIDTH, "height": HEIGHT, "pixels_per_cell": PIXELS, "start_frame": 1, **values}
        for setting, value in settings.items():
            setattr(nca, setting, value)
        return material

    def pixels(self, material: bpy.types.Material) -> np.ndarray:
        """See `live_pixels`."""
        return live_pixels(material)

    def grown(self, material: bpy.types.Material, scene_frame: int) -> np.ndarray:
        """What the engine grows for a frame of the scene."""
        frame = self.module("addon.material.clock").frame_of(material, scene_frame)
        growth = self.module("addon.material.growth").growth_of(material, frame)
        return self.module("addon.engine").current().frame(growth, frame, 60).pixels

    def shows(self, material: bpy.types.Material, scene_frame: int) -> bool:
        """Whether the material's images hold exactly the growth's picture of a frame."""
        shown, grown = self.pixels(material), self.grown(material, scene_frame)
        return shown.shape == grown.shape and np.array_equal(shown, grown)


@pytest.fixture
def growing(neural_growth, models) -> Growing:
    """The add-on in a clean file, with the tiny model alone beside the bundled ones."""
    folders = neural_growth.preferences.model_folders
    if [folder.path for folder in folders] != [str(models)]:
        folders.clear()
        folders.add().path = str(models)
    neural_growth.module("addon.library").forget()
    yield Growing(neural_growth)
    neural_growth.module("addon.playback.picture").forget()


@pytest.fixture
def seen(growing, tmp_path):
    """A growth that is seen texel for texel, and what is rendered of it."""
    material = growing.material(
        seeds="SCATTERED", bake_start=1, bake_end=6, bake_folder=str(tmp_path / "baked")
    )
    stage(material, "colour")
    closest(material)
    return growing, material, tmp_path


@pytest.fixture
def exporting(growing):
    addon_utils.enable("io_scene_gltf2")
    return growing
