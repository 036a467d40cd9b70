# SPDX-License-Identifier: GPL-3.0-or-later
"""The readers that `fuzz.py` tries: what each is given when all is well, and which errors are its own."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from fuzz_inputs import change_arrays, change_json, change_tensors

from blender_nca.automaton.environment import Environment, MaskTrack, Planting
from blender_nca.automaton.growth import Genotype, Growth, Loop, Mask, Seeds
from blender_nca.automaton.growth_error import GrowthError
from blender_nca.automaton.kept_states import KeptStates
from blender_nca.automaton.surface import Surface
from blender_nca.automaton.surface_building import build
from blender_nca.automaton.surface_error import SurfaceError
from blender_nca.baking.bake_error import BakeError
from blender_nca.baking.command_line import ArgumentError, options_of, parser_of, read_arguments
from blender_nca.baking.growth_file import GrowthFile, GrowthFileError, read_growth_file, write_growth
from blender_nca.baking.layout import Layout
from blender_nca.baking.plan import plan_bake
from blender_nca.baking.settings import BakeSettings
from blender_nca.engine import protocol
from blender_nca.engine.growths_told import GrowthsTold, ToldGrowth, hear, read_growth, tell
from blender_nca.genetics.learned import read_learned_header
from blender_nca.genetics.species import Species, SpeciesError, pack_species, unpack_species
from blender_nca.genetics.species_list import unpack_species_list, write_species_list
from blender_nca.manifold import learned_file, model_file, own_unit, tensors
from blender_nca.manifold.architecture import Architecture
from blender_nca.manifold.learned_file import LearnedSpecies
from blender_nca.manifold.model_file import ManifoldError
from blender_nca.manifold.own_unit import OwnUnit
from blender_nca.manifold.recognition import READINGS, Reading, read_readings, write_readings
from blender_nca.maps import bake_preset, record
from blender_nca.maps.bake_preset import PresetFileError
from blender_nca.maps.corners import read_corners, write_corners
from blender_nca.maps.look import Look
from blender_nca.maps.order import Order
from blender_nca.maps.texture import TextureError

SIZES = Architecture(8, 8, 12, 6, 8, 8, 4)
DNA = "AAGGGGTT"


@dataclass(frozen=True)
class Reader:
    """A reader of what a stranger may hand over.

    Attributes
    ----------
    valid : tuple of bytes
        What it reads when all is well.
    read : callable
        Reads content.
    errors : tuple of exception types
        Its own: their messages are for the artist.
    change : callable
        Changes content with its own structure in mind.
    needs : str
        The module without which it cannot be tried, if any.
    """

    valid: tuple[bytes, ...]
    read: Callable[[bytes], object]
    errors: tuple[type[Exception], ...] = ()
    change: Callable[..., bytes] = change_json
    needs: str = ""


def readers(folder: Path) -> dict[str, Callable[[], Reader]]:
    """What makes each reader, by name. They read from files in a folder that is theirs alone."""

    def at(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
        path = folder / name

        def read_content(content: bytes) -> object:
            path.write_bytes(content)
            return read(path)

        return read_content

    def written(name: str, write: Callable[[Path], object]) -> bytes:
        write(folder / name)
        return (folder / name).read_bytes()

    def species() -> Reader:
        picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0"
        one = Species("Moss", DNA, "materials", ("green",), "Ada", learned=("0" * 64,), licence="CC0")
        return Reader((pack_species(one, picture), pack_species(one)), unpack_species, (SpeciesError,))

    def species_list() -> Reader:
        one = Species("Moss", DNA, "emoji", ("U+2603",), "Ada")
        valid = written("species.json", lambda path: write_species_list(path, [(one, "moss.png")] * 2))
        return Reader((valid,), unpack_species_list, (SpeciesError,))

    def learned_header() -> Reader:
        return Reader((learned(),), lambda c: read_learned_header(c, "f"), (SpeciesError,), change_tensors)

    def learned() -> bytes:
        added, fine = (
            {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
            for shapes in (own_unit.shapes(SIZES), own_unit.fine_shapes(SIZES))
        )
        unit = OwnUnit(DNA, own_unit.SILENT_BELOW, added, fine=fine)
        reading = Reading("beef", np.zeros((len(DNA), 4)))
        one = LearnedSpecies(
            Species("Moss", DNA, "tiny"), unit, "f00d", np.zeros((2, 2, 3), np.uint8), reading=reading
        )
        return written("one.safetensors", lambda path: learned_file.write(path, one))

    def learned_species() -> Reader:
        read = at("learned.safetensors", learned_file.read)
        return Reader((learned(),), read, (ManifoldError,), change_tensors)

    def model() -> Reader:
        (folder / "model").mkdir(exist_ok=True)
        weights = SIZES.initial_weights(3)
        content = tensors.pack({}, weights)
        (folder / "model" / model_file.CARD).write_bytes(card())
        read = at(f"model/{model_file.WEIGHTS}", lambda path: model_file.read(path.parent))
        return Reader((content,), read, (ManifoldError,), change_tensors)

    def readings() -> Reader:
        (folder / "readings").mkdir(exist_ok=True)
        weights, name = SIZES.initial_weights(3), f"readings/{READINGS}"
        known = {dna: np.zeros((len(dna), 4)) for dna in (DNA, DNA[::-1])}
        content = written(name, lambda path: write_readings(path.parent, weights, known))
        read = at(name, lambda path: read_readings(path.parent, weights))
        return Reader((content,), read, (ManifoldError,), change_tensors)

    def card() -> bytes:
        said = json.loads((Path(__file__).parents[1] / "models/materials/card.json").read_text())
        del said["sha256"]
        return json.dumps({**said, "architecture": vars(SIZES)}).encode()

    def model_card() -> Reader:
        (folder / "card").mkdir(exist_ok=True)
        read = at(f"card/{model_file.CARD}", lambda path: model_file.read_card(path.parent))
        return Reader((card(),), read, (ManifoldError,))

    def growth() -> Reader:
        def read(content: bytes) -> None:
            grown = Growth.from_json(protocol.unpack(content))
            assert grown.key
            grown.picture_key(40)

        valid = tuple(json.dumps(each.to_json()).encode() for each in growths())
        return Reader(valid, read, (protocol.ProtocolError, GrowthError))

    def pipe() -> Reader:
        def read(content: bytes) -> None:
            message = protocol.read_message(io.BytesIO(content + b"\n"), protocol.MOST_REQUEST_BYTES)
            told: GrowthsTold[ToldGrowth] = GrowthsTold()
            hear(message, told)
            read_growth(told.get(str(message.get("key"))))

        valid = tuple(json.dumps(tell(each, GrowthsTold())).encode() for each in growths())
        return Reader(valid, read, (protocol.ProtocolError, EOFError, GrowthError, SurfaceError))

    def growth_file() -> Reader:
        def read(path: Path) -> None:
            file = read_growth_file(path)
            plan_bake(file, file.settings, file.presets)

        read_content = at("a.growth.json", read)
        files = tuple(written("valid.json", lambda path, f=f: write_growth(path, f)) for f in growth_files())
        return Reader(files, read_content, (GrowthFileError, BakeError, GrowthError, TextureError))

    def bake_preset_file() -> Reader:
        valid = tuple(path.read_bytes() for path in sorted(bake_preset.FOLDER.glob("*.json")))
        return Reader(valid, at("preset.json", bake_preset.read_preset), (PresetFileError,))

    def bake_record() -> Reader:
        (folder / "record").mkdir(exist_ok=True)
        said = {"keys": ["a", "b"], "frames": [1, 2], "strength": 0.5}
        valid = written("record/a_growth.json", lambda path: record.write_record(path.parent, "a", said))
        read = at("record/a_growth.json", lambda path: record.read_record(path.parent, "a"))
        return Reader((valid,), read, (record.RecordError,))

    def kept_state() -> Reader:
        states = KeptStates(folder / "states", "numpy")
        numbers = {"state": np.arange(64, dtype=np.float32).reshape(4, 4, 4), "step": np.array(3)}
        path = states.write("key", numbers)
        valid = path.read_bytes()

        def read(content: bytes) -> object:
            path.write_bytes(content)
            return states.read("key")

        return Reader((valid,), read, (), change_arrays)

    def corners() -> Reader:
        uv = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
        valid = written("corners.npz", lambda path: write_corners(path, uv, uv))
        return Reader((valid,), at("corners.npz", read_corners), (OSError,), change_arrays)

    def arguments() -> Reader:
        parser = parser_of("bake", "")
        parser.error = _raise  # type: ignore[method-assign]  # it would end this process

        def read(content: bytes) -> object:
            said = json.loads(content)
            # as long as they like, they are whoever types them's own
            words = [str(word)[:60].encode("ascii", "replace").decode() for word in said][:20]
            return options_of(read_arguments(parser, [word for word in words if not word.startswith("-h")]))

        told = ["--frames", "1-20", "--chunk", "2-3", "--size", "512", "--maps", "a,b", "--jobs", "2"]
        # what is no JSON is refused before there are arguments
        wrong = ArgumentError, ValueError, TypeError, RecursionError
        return Reader((json.dumps(told).encode(),), read, wrong)

    def lesson() -> Reader:
        import torch

        from blender_nca.learning import lesson as room

        values = {
            "format": room.FORMAT,
            "version": room.VERSION,
            "about": {"name": "a"},
            "dna": torch.zeros(3),
        }
        valid = written("a.lesson", lambda path: torch.save(values, path))
        return Reader((valid,), at("a.lesson", room._read), (room.LessonError,), _only_bytes, "torch")

    found = dict(
        species=species,
        species_list=species_list,
        learned_header=learned_header,
        learned_species=learned_species,
        model=model,
        model_card=model_card,
        readings=readings,
        growth=growth,
        pipe=pipe,
        growth_file=growth_file,
        bake_preset=bake_preset_file,
        record=bake_record,
        kept_state=kept_state,
        corners=corners,
        arguments=arguments,
        lesson=lesson,
    )
    return {**found, **_of_the_addon(at)}


def _of_the_addon(at: Callable[[str, Callable[[Path], object]], Callable[[bytes], object]]) -> dict:
    """Readers of what a .blend file holds, and of files that only Blender reads."""
    mask = Mask.pack(np.eye(8))
    packed = f"{mask.width} {mask.height} {mask.data}"

    def text(read: Callable[[str], object]) -> Callable[[bytes], object]:
        # a text in a .blend file is any, but halves of characters
        return lambda content: read(content.decode("utf-8", "replace"))

    def wounds() -> Reader:
        from blender_nca.addon.wounds import kept

        said = {"last": 9, "frames": [2, 3], "masks": [0, 0], "packed": [packed]}
        return _blend(said, text(kept._read_record))

    def wound() -> Reader:
        from blender_nca.addon.wounds import kept

        return Reader((packed.encode(),), text(kept._mask), (GrowthError,), _only_bytes, "bpy")

    def habitat() -> Reader:
        from blender_nca.addon.habitat import kept

        said = {"frames": [0, 4], "masks": [(mask.width, mask.height, mask.data)] * 2}
        return _blend(said, text(lambda kept_text: kept.read_kept(SimpleNamespace(kept=kept_text, name="a"))))

    def seeds() -> Reader:
        from blender_nca.addon.surface import recorded

        pack = recorded._packed
        said = {
            "at": pack(np.full((2, 2), 0.5), np.float32),
            "place": pack(np.zeros((2, 3)), np.float32),
            "owner": pack(np.zeros(2), np.int32),
            "lost": pack(np.zeros(2), np.int32),
            "names": ["Cube"],
            "cells": vars(mask),
        }
        return _blend(said, text(recorded._read))

    def surface() -> Reader:
        from blender_nca.addon.material import kept_surface

        def read(said: str) -> object:
            return kept_surface.read_surface(SimpleNamespace(over="MESH", surface=said, surface_problem=""))

        return _blend(a_surface().to_json(), text(read))

    def links() -> Reader:
        from blender_nca.addon.material import handover

        return _blend([["a", "b", "c", "d"]], text(lambda said: handover._notes({handover.NOTES: said})))

    def preset() -> Reader:
        from blender_nca.addon.presets import files
        from blender_nca.addon.presets.preset import PresetError

        valid = tuple(path.read_bytes() for path in sorted(files.BUNDLED.glob("*.json"))[:4])
        return Reader(valid, at("own_preset.json", files.read), (PresetError,), needs="bpy")

    def lesson_note() -> Reader:
        from blender_nca.addon.picture import lessons

        said = {"identifier": "note", "name": "Moss", "manifold": "materials", "seconds": 3.0, "minutes": 15}
        return Reader((json.dumps(said).encode(),), at("note.json", lessons._read), (), needs="bpy")

    def catalogue_card() -> Reader:
        from blender_nca.addon.library import catalogue

        return Reader((b'{"kind": "figures"}',), at("card.json", catalogue.read_card), (), needs="bpy")

    return dict(
        wounds=wounds,
        wound=wound,
        habitat=habitat,
        seeds=seeds,
        surface=surface,
        links=links,
        preset=preset,
        lesson_note=lesson_note,
        catalogue_card=catalogue_card,
    )


def _blend(said: Any, read: Callable[[bytes], object]) -> Reader:
    return Reader((json.dumps(said).encode(),), read, (GrowthError,), needs="bpy")


def _only_bytes(content: bytes, *_: object) -> bytes:
    return content


def _raise(message: str) -> None:
    raise ArgumentError(message)


def a_surface() -> Surface:
    """Two triangles that make a square of eight cells a side."""
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    triangles = np.array([[0, 1, 2], [0, 2, 3]])
    places = np.column_stack([square, np.zeros(4)])
    return build(places, triangles, (square * 0.8 + 0.1)[triangles], 8, 8)


def growths() -> tuple[Growth, ...]:
    """Growths that have all that a growth may have."""
    mask, other = Mask.pack(np.eye(8)), Mask.pack(np.ones((4, 4)))
    environment = Environment(
        MaskTrack((0, 5), (mask, other)),
        MaskTrack.still(other),
        MaskTrack((3,), (mask,)),
        False,
        (Planting(4, Seeds("points", points=((0.5, 0.5),), layers=(1,))),),
    )
    genotypes = (
        Genotype((DNA, "ACGTACGT"), ((1.0, 0.0), (0.5, 0.5))),
        Genotype((DNA,), region=mask, strength=(0.5, 1.0), border=2.0),
        Genotype((DNA,), region=MaskTrack((0, 3), (mask, other))),
    )
    full = Growth(
        *("tiny", genotypes, 8, 8, 2),
        seeds=Seeds("mask", mask=mask),
        steps=(2.0, 0.5),
        environment=environment,
        loop=Loop(8, 8, 4),
        meeting="nearest",
        settling=40,
        learned=("0" * 64,),
        manifold_version="f00d",
    )
    surface = a_surface()
    return full, Growth("tiny", (Genotype((DNA,)),), 8, 8, 2, "surface", surface=surface)


def growth_files() -> tuple[GrowthFile, ...]:
    """Files of them."""
    corners = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    presets = tuple(bake_preset.bundled().values())[1:3]
    settings = BakeSettings(range=(-2, 9), loop=(3, 8), cells=(8, 8), pixels_per_cell=2, fps=23.976)
    return tuple(
        GrowthFile(
            *("Moss", settings, presets, growth, "f00d", -2, tuple(range(12)), Order(18, 12.0)),
            all_looks=((0, None), (4, Look(hue=0.5))),
            layout=Layout("Growth UV", "UVMap", corners, corners),
            learned={"0" * 64: b"a species"},
        )
        for growth in growths()
    )
