# SPDX-License-Identifier: GPL-3.0-or-later
"""Try the card that Blender draws on: what it is, whether it grows and paints what the reference does, and how fast.

blender --python scripts/try_card.py                                  any Blender, in its window
blender -b --gpu-backend vulkan --python scripts/try_card.py          from 5.2 on without one
python scripts/try_card.py                                            the same, beside Blender as a Python module
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

import bpy
import gpu

from blender_nca.addon.graphics.card import BlendersCard
from blender_nca.addon.graphics.opened import name
from blender_nca.engine.devices import NUMPY
from blender_nca.engine.frames_here import FramesHere
from blender_nca.engine.grower import Grower
from blender_nca.genetics.library import read_library
from blender_nca.manifold import shader_trial
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.shader_automaton import ShaderAutomaton

MODELS = REPOSITORY / "models"
SPECIES_TRIED = 6
SIDE, FRAMES = 256, 12


def main() -> None:
    """Print what was found."""
    if bpy.app.background:
        gpu.init()
    print(f"Blender {bpy.app.version_string}: {name()}")
    print(f"  a picture has {gpu.capabilities.max_texture_size_get()} places a side at most")
    card = BlendersCard()
    for model in ("materials", "emoji"):
        manifold = Manifold.open(MODELS / model)
        library = read_library([MODELS])
        species = library.by_dna_alone(model) or library.of(model)
        for number in range(0, len(species) - 1, len(species) // SPECIES_TRIED):
            pair = species[number], species[number + 1]
            began = time.perf_counter()
            found = shader_trial.tell(shader_trial.compare(card, manifold, (pair[0].dna, pair[1].dna)))
            print(
                f"  {model}: {pair[0].name} and {pair[1].name}: a step {found.step:.1e} from the reference, "
                f"a picture {found.painted:.1e}{'' if found.right else ': WRONG'} "
                f"({time.perf_counter() - began:.1f} s)"
            )
    manifold = Manifold.open(MODELS / "materials")
    *_, speeds = shader_trial.measure(card, manifold)
    for side, speed in speeds.items():
        print(
            f"  {speed:.1f} steps a second of {side} x {side} cells, {speed * side**2 / 1e6:.1f} M cells a second"
        )
    play(card)


def play(card: BlendersCard) -> None:
    """Grow some frames in pieces, as the window does, and print how long those were."""
    grower = Grower(
        [MODELS], NUMPY, lambda news: None, open_cells=lambda manifold, _: ShaderAutomaton(manifold, card)
    )
    frames, pieces = FramesHere(grower, card, lambda *asked: None), []  # type: ignore[arg-type,return-value]
    growth = shader_trial.covering(Manifold.open(MODELS / "materials"), SIDE)
    for frame in range(FRAMES):
        job = frames.request(growth, frame, "window")
        while not job.done():
            began = time.perf_counter()
            frames.work()
            if frame:  # what is compiled first is no piece of playback
                pieces.append(1000 * (time.perf_counter() - began))
    pieces.sort()
    longer = sum(piece > 8 for piece in pieces) / len(pieces)
    print(
        f"  {FRAMES - 1} frames of {SIDE} x {SIDE} cells in {len(pieces)} pieces: {pieces[len(pieces) // 2]:.1f} ms, "
        f"the longest {pieces[-1]:.1f} ms, {100 * longer:.1f} % over 8 ms; {sum(pieces) / (FRAMES - 1):.0f} ms a frame"
    )


try:
    main()
except SystemError as error:
    print(f"There is no card without a window: {error}")
if bpy.app.background:
    sys.stdout.flush()
    os._exit(0)
