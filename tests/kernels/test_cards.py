# SPDX-License-Identifier: GPL-3.0-or-later
"""An artist with a graphics card must see the same pictures; where there is no card, a processor runs its kernels."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from blender_nca.automaton import fused_step  # noqa: E402
from blender_nca.automaton.fused_step import FusedStep, grows_as_torch_does  # noqa: E402
from blender_nca.kernels import cuda  # noqa: E402
from blender_nca.manifold import fused_painting  # noqa: E402
from blender_nca.manifold.fused_painting import FusedPainting, paints_as_torch_does  # noqa: E402
from blender_nca.manifold.manifold import Manifold  # noqa: E402
from blender_nca.manifold.torch_automaton import TorchAutomaton  # noqa: E402

HERE, MODELS = Path(__file__).parent, Path(__file__).parents[2] / "models"
CHANNELS, HIDDEN, PAINTING = 16, 24, 12


class OnProcessor:
    """A module whose kernels a processor runs."""

    def __init__(self, library: Path):
        self.library, self.launched = ctypes.CDLL(str(library)), []

    def launch(self, kernel, grid, threads, arguments, stream):
        assert threads == fused_step.THREADS
        addresses = (ctypes.c_void_p * len(arguments))(*(ctypes.addressof(each) for each in arguments))
        self.library.launch(("nca_change", "nca_mask", "nca_paint").index(kernel), *grid, addresses)
        self.launched.append(kernel)


def compile_for_processor(folder: Path, change=lambda source: source) -> OnProcessor:
    compiler = shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler")
    for name in ("card.cuh", "fused_step.cu", "fused_painting.cu"):
        (folder / name).write_text(change((cuda.FOLDER / name).read_text("utf-8")), "utf-8")
    library = folder / "kernels.so"
    command = [compiler, "-x", "c", "-O2", "-w", "-shared", "-fPIC", "-pthread", "-include"]
    command += [HERE / "cuda_on_a_processor.h", "-I", folder, f"-DCHANNELS={CHANNELS}", f"-DHIDDEN={HIDDEN}"]
    command += [f"-DPAINTING={PAINTING}"]
    subprocess.run([*command, "-o", library, HERE / "cuda_on_a_processor.c", "-lm"], check=True)
    return OnProcessor(library)


@pytest.fixture(scope="module")
def processor(tmp_path_factory) -> OnProcessor:
    return compile_for_processor(tmp_path_factory.mktemp("cuda"))


def test_a_card_grows_what_the_processor_grows(processor):
    assert grows_as_torch_does(FusedStep(processor), torch.device("cpu"), CHANNELS, HIDDEN)
    assert processor.launched == ["nca_change", "nca_mask"] * 6


def test_a_card_paints_what_the_processor_paints(processor):
    assert paints_as_torch_does(FusedPainting(processor), torch.device("cpu"), CHANNELS, PAINTING)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("* 0.0625f", "* 0.06f"),
        ("0x846CA68Bu", "0x846CA68Du"),
        ("wrap ? place + length : 0", "0"),
        ("share ? share[cell_one] : 1", "1"),
        ("if (alive[cell] && most", "if (most"),
    ],
)
def test_a_card_that_grows_something_else_is_not_trusted(right, wrong, tmp_path):
    broken = compile_for_processor(tmp_path, lambda source: source.replace(right, wrong))
    assert not grows_as_torch_does(FusedStep(broken), torch.device("cpu"), CHANNELS, HIDDEN)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("wrap ? place + length : 0", "0"),
        ("* feature;", "* 0.5f * feature;"),
        ("2.4f", "2.2f"),
        ("(long)(down - 1 - y)", "(long)y"),
        ("seen[0].w / OPAQUE_FROM", "1"),
        ("rest[2] = painted[4]", "rest[2] = painted[5]"),
    ],
)
def test_a_card_that_paints_something_else_is_not_trusted(right, wrong, tmp_path):
    broken = compile_for_processor(tmp_path, lambda source: source.replace(right, wrong))
    assert not paints_as_torch_does(FusedPainting(broken), torch.device("cpu"), CHANNELS, PAINTING)


def test_a_growth_leaves_the_state_it_began_with(processor):
    manifold = Manifold.open(MODELS / "materials")
    assert fused_step.open_for(torch.device("cpu"), manifold.sizes.channels, manifold.sizes.hidden) is None
    random = torch.Generator().manual_seed(1)
    state = torch.rand(1, 40, 33, CHANNELS, generator=random)
    kept, rule = (
        state.clone(),
        fused_step.UpdateRule(*(torch.zeros(1, *s) for s in ((64, 24), (1, 24), (24, 16)))),
    )
    for steps in (0, 1, 2, 3):
        grown = FusedStep(processor).grow(state, [rule], [None], 0, 0, steps)
        assert torch.equal(grown, kept) and torch.equal(state, kept) and grown.data_ptr() != state.data_ptr()


@pytest.mark.skipif(cuda.open_compiler() is None, reason="NVRTC is not installed")
@pytest.mark.parametrize("architecture", ["sm_75", "sm_86", "sm_90", "sm_120"])
@pytest.mark.parametrize(
    ("name", "constants"),
    [
        ("fused_step.cu", {"HIDDEN": 96}),
        ("fused_step.cu", {"HIDDEN": 128}),
        ("fused_painting.cu", {"PAINTING": 40}),
    ],
)
def test_the_kernels_compile_for_every_kind_of_card_without_spilling(architecture, name, constants):
    program, said = cuda.compile_source(name, architecture, CHANNELS=16, **constants)
    spilled = [int(number) for number in re.findall(r"(\d+) bytes spill", said)]
    assert program[:4] == b"\x7fELF" and spilled and not any(spilled)


def test_without_a_compiler_for_cards_torch_grows(monkeypatch):
    monkeypatch.setattr(cuda, "open_compiler", lambda: None)
    with pytest.raises(cuda.CudaError, match="NVRTC"):
        cuda.compile_source("fused_step.cu", "sm_90", CHANNELS=16, HIDDEN=96)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no card of NVIDIA's")
def test_a_real_card_grows_and_paints_by_the_kernels():
    sizes = TorchAutomaton(Manifold.open(MODELS / "materials"), "cuda").manifold.sizes
    assert fused_step.open_for(torch.device("cuda"), sizes.channels, sizes.hidden) is not None
    assert fused_painting.open_for(torch.device("cuda"), sizes.channels, sizes.painting) is not None
