# SPDX-License-Identifier: GPL-3.0-or-later
"""An artist with a graphics card must see the same pictures; where there is no card, a processor runs its kernels."""

from __future__ import annotations

import ctypes
import functools
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.automaton import card, fused_step  # noqa: E402
from blender_nca.automaton.fused_step import FusedStep, grows_as_torch_does  # noqa: E402
from blender_nca.automaton.growth import Genotype, Growth, Mask  # noqa: E402
from blender_nca.automaton.surface_example import build_corner  # noqa: E402
from blender_nca.genetics.library import read_library  # noqa: E402
from blender_nca.kernels import cuda  # noqa: E402
from blender_nca.manifold import fused_painting, torch_automaton  # noqa: E402
from blender_nca.manifold.architecture import GRAIN  # noqa: E402
from blender_nca.manifold.fused_painting import FusedPainting, paints_as_torch_does  # noqa: E402
from blender_nca.manifold.manifold import Manifold  # noqa: E402
from blender_nca.manifold.torch_automaton import TorchAutomaton  # noqa: E402

HERE, MODELS = Path(__file__).parent, Path(__file__).parents[2] / "models"
CPU = torch.device("cpu")
HEADERS = [file.name for file in cuda.FOLDER.glob("*.cuh")]
STEP = {"CHANNELS": 16, "HIDDEN": 24}
PAINTING = {"CHANNELS": 16, "PAINTING": 12}
FINE = {**PAINTING, "GRAIN": GRAIN}
ORDER = {"nca_mask": 1, "nca_tie": 2}
"""Of the kernels in `card_on_a_processor.c`; the others are the first of their file."""


class OnProcessor:
    """Kernels of NVIDIA's cards, run by a processor."""

    at_once = card.CudaModule.at_once

    def __init__(self, library: Path):
        self.library = ctypes.CDLL(str(library))

    def launch(self, kernel, grid, threads, arguments):
        assert threads == fused_step.THREADS == fused_painting.THREADS
        given = [card.to_ctypes(each) for each in arguments]
        addresses = (ctypes.c_void_p * len(given))(*(ctypes.addressof(each) for each in given))
        self.library.launch(ORDER.get(kernel, 0), *grid, addresses)


class Shaders:
    """What `torch.mps.compile_shader` gives, run by a processor."""

    def __init__(self, library: Path):
        self._processor = OnProcessor(library)

    def __getattr__(self, kernel):
        def call(*arguments, threads, group_size, arg_casts):
            assert arg_casts == "int32" and group_size[1] == 1 and threads[0] % group_size[0] == 0
            grid = threads[0] // group_size[0], threads[1]
            self._processor.launch(kernel, grid, group_size[0], arguments)

        return call


def compile_for_cuda(name: str, folder: Path, constants: dict, right="", wrong="") -> OnProcessor:
    """Kernels of a file as NVRTC reads it, with something in it replaced."""
    sources = {file: (cuda.FOLDER / file).read_text("utf-8") for file in (*HEADERS, name)}
    assert any(right in text for text in sources.values())
    for file, text in sources.items():
        (folder / file).write_text(text.replace(right, wrong) if right else text, "utf-8")
    options = ["-x", "c", "-include", HERE / "cuda_on_a_processor.h"]
    options += [f"-D{constant}={value}" for constant, value in constants.items()]
    return OnProcessor(_compile(name, folder, ("gcc", "clang"), options))


def compile_for_metal(name: str, folder: Path, constants: dict) -> card.MetalModule:
    """Kernels of a file as Metal's compiler reads it."""

    def compile_shader(source: str) -> Shaders:
        (folder / name).write_text(source, "utf-8")
        return Shaders(_compile(name, folder, ("clang++", "g++"), ["-x", "c++", "-std=c++14", "-I", HERE]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.mps, "compile_shader", compile_shader)
        return card.MetalModule(name, CPU, **constants)


def _compile(name: str, folder: Path, compilers: tuple[str, str], options: list) -> Path:
    if not (compiler := next(filter(None, map(shutil.which, compilers)), None)):
        pytest.skip("no compiler")
    library = folder / f"{name}.so"
    options += ["-O2", "-w", "-shared", "-fPIC", "-pthread", "-I", folder, f'-DKERNELS="{name}"']
    subprocess.run([compiler, *options, "-o", library, HERE / "card_on_a_processor.c", "-lm"], check=True)
    return library


LANGUAGES = pytest.mark.parametrize("compile_source", [compile_for_cuda, compile_for_metal])


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """Kernels as they are, compiled once for all tests: called with a way to compile, the file and its constants."""

    @functools.cache
    def compile_once(compile_source, name: str, **constants: int):
        return compile_source(name, tmp_path_factory.mktemp("kernels"), constants)

    return compile_once


@LANGUAGES
def test_a_card_grows_what_the_processor_grows(compile_source, compiled):
    fused = FusedStep(compiled(compile_source, "step.cu", **STEP))
    assert grows_as_torch_does(fused, CPU, *STEP.values())


@LANGUAGES
def test_a_card_paints_what_the_processor_paints(compile_source, compiled):
    for constants in (PAINTING, FINE):
        fused = FusedPainting(compiled(compile_source, "painting.cu", **constants))
        assert paints_as_torch_does(fused, CPU, *constants.values())


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("* 0.0625f", "* 0.06f"),
        ("0x846CA68Bu", "0x846CA68Du"),
        ("wrap != 0 ? place + length : 0", "0"),
        ("shared ? share[cells[k]] : 1", "1"),
        ("if (alive[cell] && most", "if (most"),
        ("by.x * x.c + by.y * y.c", "x.c"),
        ("by.z * (by.x", "(by.x"),
        ("turns[cell].w > 0", "1"),
        ("(y - 1) * (width - 2) + x - 1 : cell", "cell : cell"),
        ("weights[tie * TIE_TAPS + tap] *", "0.25f *"),
        ("(!has_habitat || habitat[cell] > 0)", "1"),
        ("has_habitat ? habitat[cell] : threshold", "threshold"),
    ],
)
def test_a_card_that_grows_something_else_is_not_trusted(right, wrong, tmp_path):
    broken = compile_for_cuda("step.cu", tmp_path, STEP, right, wrong)
    assert not grows_as_torch_does(FusedStep(broken), CPU, *STEP.values())


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("wrap != 0 ? place + length : 0", "0"),
        ("* feature;", "* 0.5f * feature;"),
        ("2.4f", "2.2f"),
        ("(long)(rows - 1 - row)", "(long)row"),
        ("(around).w / OPAQUE_FROM", "1"),
        ("rest[2] = relief", "rest[2] = roughness"),
        ("counted[k] += share[k]", "counted[k] = 1"),
        ("share[k] * leak(sum[k])", "leak(sum[k])"),
        ("top + row", "row"),
        ("y % grained) * grained", "y % grained)"),
        ("columns[k] % grained", "0"),
    ],
)
def test_a_card_that_paints_something_else_is_not_trusted(right, wrong, tmp_path):
    broken = compile_for_cuda("painting.cu", tmp_path, FINE, right, wrong)
    assert not paints_as_torch_does(FusedPainting(broken), CPU, *FINE.values())


def test_a_growth_leaves_the_state_it_began_with(compiled):
    manifold = Manifold.open(MODELS / "materials")
    assert fused_step.open_for(CPU, manifold.sizes.channels, manifold.sizes.hidden) is None
    random = torch.Generator().manual_seed(1)
    state = torch.rand(1, 40, 33, STEP["CHANNELS"], generator=random)
    kept, rule = (
        state.clone(),
        fused_step.UpdateRule(*(torch.zeros(1, *s) for s in ((64, 24), (1, 24), (24, 16)))),
    )
    fused = FusedStep(compiled(compile_for_cuda, "step.cu", **STEP))
    for steps in (0, 1, 2, 3):
        grown = fused.grow(state, [rule], [None], 0, 0, steps)
        assert torch.equal(grown, kept) and torch.equal(state, kept) and grown.data_ptr() != state.data_ptr()


@LANGUAGES
@pytest.mark.parametrize("live", [False, True])
def test_a_card_paints_several_species_and_large_pictures_as_the_processor_does(
    compile_source, live, compiled, monkeypatch
):
    manifold = Manifold.open(MODELS / "materials")
    constants = {"CHANNELS": manifold.sizes.channels, "PAINTING": manifold.sizes.painting}
    fused = FusedPainting(compiled(compile_source, "painting.cu", **constants))
    bands = []
    whole = fused.paint
    monkeypatch.setattr(fused, "paint", lambda *given: bands.append(given[-1]) or whole(*given))
    some = read_library([MODELS]).by_dna_alone("materials")[:2]
    left = Mask.pack(np.linspace(1, 0, 24)[None].repeat(20, 0))
    growth = Growth("materials", (Genotype((some[0].dna,), region=left), Genotype((some[1].dna,))), 20, 24)
    automaton = TorchAutomaton(manifold)
    weights = tuple(genotype.weights_at(0) for genotype in growth.genotypes)
    state = automaton.grow(automaton.seed(growth), growth, weights, 0, 24)
    paint = automaton.paint_live if live else automaton.paint
    expected = paint(state, growth, weights)
    monkeypatch.setattr(fused_painting, "open_for", lambda *_: fused)
    monkeypatch.setattr(torch_automaton, "BAND", expected.nbytes * 2 // 7)
    painted = paint(state, growth, weights)
    assert len(bands) == 4
    assert np.abs(painted - expected).max() < fused_painting.TOLERANCE


@LANGUAGES
@pytest.mark.parametrize("boundary", ["wrap", "edge"])
def test_a_card_paints_anew_only_rows_that_changed_and_shows_the_same(
    compile_source, boundary, compiled, monkeypatch
):
    manifold = Manifold.open(MODELS / "materials")
    constants = {"CHANNELS": manifold.sizes.channels, "PAINTING": manifold.sizes.painting}
    fused = FusedPainting(compiled(compile_source, "painting.cu", **constants))
    painted, whole = [], fused.paint
    monkeypatch.setattr(fused, "paint", lambda *given: painted.append(given[-1]) or whole(*given))
    monkeypatch.setattr(fused_painting, "open_for", lambda *_: fused)
    species = read_library([MODELS]).by_dna_alone("materials")[0]
    growth = Growth("materials", (Genotype((species.dna,)),), 16, 40, 2, boundary=boundary)
    automaton, weights = TorchAutomaton(manifold), ((1.0,),)
    state, pictures = automaton.seed(growth), []
    for step in range(0, 12, 4):
        pictures.append(automaton.paint_live(state, growth, weights))
        alone = TorchAutomaton(manifold).paint_live(state, growth, weights)
        assert np.array_equal(pictures[-1], alone)
        state = automaton.grow(state, growth, weights, step, 4)
    assert [len(rows) for rows in painted[0:2]] == [80, 80] and 0 < len(painted[2]) < 60
    # the first cells of the other end count as beside the last ones where the grid wraps
    moved = torch.zeros_like(state)
    automaton.paint_live(moved, growth, weights)
    touched = moved.clone()
    touched[0, 0] = 0.5
    shown = automaton.paint_live(touched, growth, weights)
    assert np.array_equal(shown, TorchAutomaton(manifold).paint_live(touched, growth, weights))
    before = len(painted)
    assert np.array_equal(automaton.paint_live(touched.clone(), growth, weights), shown)
    assert len(painted) == before  # nothing changed, nothing is painted


@LANGUAGES
def test_a_card_paints_a_surface_as_the_processor_does(compile_source, compiled, monkeypatch):
    manifold = Manifold.open(MODELS / "materials")
    constants = {"CHANNELS": manifold.sizes.channels, "PAINTING": manifold.sizes.painting}
    fused = FusedPainting(compiled(compile_source, "painting.cu", **constants))
    species = read_library([MODELS]).by_dna_alone("materials")[0]
    surface = build_corner(16, 28)
    growth = Growth(
        "materials", (Genotype((species.dna,)),), 28, 16, 3, boundary="surface", surface=surface, margin=4
    )
    automaton, plain, weights = TorchAutomaton(manifold), TorchAutomaton(manifold), ((1.0,),)
    state = plain.seed(growth)
    for step in range(0, 16, 4):
        expected = plain.paint(state, growth, weights), plain.paint_live(state, growth, weights)
        with monkeypatch.context() as patch:
            patch.setattr(fused_painting, "open_for", lambda *_: fused)
            shown = automaton.paint(state, growth, weights), automaton.paint_live(state, growth, weights)
            alone = TorchAutomaton(manifold).paint_live(state, growth, weights)
        for ours, theirs in zip(shown, expected, strict=True):
            assert np.abs(ours - theirs).max() < fused_painting.TOLERANCE
        assert np.array_equal(shown[1], alone), "whatever was shown before"
        state = plain.grow(state, growth, weights, step, 4)


@pytest.mark.skipif(cuda.open_compiler() is None, reason="NVRTC is not installed")
@pytest.mark.parametrize("architecture", ["sm_75", "sm_86", "sm_90", "sm_120"])
@pytest.mark.parametrize(
    ("name", "constants"),
    [
        ("step.cu", {"HIDDEN": 96}),
        ("step.cu", {"HIDDEN": 128}),
        ("painting.cu", {"PAINTING": 40}),
    ],
)
def test_the_kernels_compile_for_every_kind_of_card_without_spilling(architecture, name, constants):
    program, said = cuda.compile_source(name, architecture, CHANNELS=16, **constants)
    spilled = [int(number) for number in re.findall(r"(\d+) bytes spill", said)]
    assert program[:4] == b"\x7fELF" and spilled and not any(spilled)


def test_without_a_compiler_for_cards_torch_grows(monkeypatch):
    monkeypatch.setattr(cuda, "open_compiler", lambda: None)
    with pytest.raises(cuda.CudaError, match="NVRTC"):
        cuda.compile_source("step.cu", "sm_90", CHANNELS=16, HIDDEN=96)


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_a_real_card_grows_and_paints_by_the_kernels(name):
    there = torch.cuda.is_available() if name == "cuda" else torch.backends.mps.is_available()
    if not there:
        pytest.skip("no such card")
    sizes, device = Manifold.open(MODELS / "materials").sizes, torch.device(name)
    assert fused_step.open_for(device, sizes.channels, sizes.hidden) is not None
    assert fused_painting.open_for(device, sizes.channels, sizes.painting) is not None
