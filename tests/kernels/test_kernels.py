# SPDX-License-Identifier: GPL-3.0-or-later
"""What trains fast must train the same manifold: kernels against the plain paths."""

from __future__ import annotations

import ctypes
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from blender_nca.automaton import (  # noqa: E402
    native_step,
    native_through_time,
    reference,
    through_time,
    torch_step,
)
from blender_nca.automaton.chance import cell_numbers  # noqa: E402
from blender_nca.automaton.update_rule import LIFE, UpdateRule  # noqa: E402
from blender_nca.kernels import library  # noqa: E402
from blender_nca.learning import native_slices  # noqa: E402
from blender_nca.learning.sliced_wasserstein import SlicedWasserstein  # noqa: E402
from blender_nca.manifold import painting  # noqa: E402
from blender_nca.manifold.renderer import Painter  # noqa: E402

needs_kernels = pytest.mark.skipif(library.open_library() is None, reason="no C compiler on this machine")


def relative(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).norm() / other.norm())


def numbers(*shape: int, scale: float = 1.0, seed: int = 0) -> torch.Tensor:
    return scale * torch.randn(shape, generator=torch.Generator().manual_seed(seed + sum(shape)))


@needs_kernels
@pytest.mark.parametrize("boundary", ["wrap", "edge"])
@pytest.mark.parametrize(("channels", "hidden"), [(16, 48), (32, 112)])
def test_a_grown_grid_and_what_it_teaches_are_those_of_the_plain_step(
    monkeypatch, boundary, channels, hidden
):
    height, width, steps = 13, 21, 6
    state = 0.5 * numbers(2, height, width, channels)
    state[:, :, : width // 2, LIFE] -= 1  # a part is dead
    cells = torch.from_numpy(cell_numbers(height, width))
    wanted = numbers(2, height, width, channels)

    def learn():
        weights = [
            numbers(2, 4 * channels, hidden, scale=0.1).requires_grad_(),
            numbers(2, 1, hidden, scale=0.1).requires_grad_(),
            numbers(2, hidden, channels, scale=0.05).requires_grad_(),
        ]
        grown = through_time.grow(state, UpdateRule(*weights), 2**31 - 5, steps, cells, boundary)
        (grown * wanted).sum().backward()
        return grown.detach(), [weight.grad for weight in weights]

    grown, gradients = learn()
    monkeypatch.setattr(native_through_time, "open_library", lambda: None)
    plain, plain_gradients = learn()
    assert 0.2 < (plain[..., LIFE] != 0).float().mean() < 1
    torch.testing.assert_close(grown, plain, atol=1e-5, rtol=1e-5)
    for one, other in zip(gradients, plain_gradients, strict=True):
        assert relative(one, other) < 1e-4


@needs_kernels
@pytest.mark.parametrize("boundary", ["wrap", "edge"])
@pytest.mark.parametrize(("pixels", "width"), [(4, 40), (3, 16)])
def test_a_painted_grid_and_what_it_teaches_are_those_of_the_renderer(monkeypatch, boundary, pixels, width):
    wanted = numbers(2, 8, 7 * pixels, 9 * pixels)

    def learn():
        state = (0.6 * numbers(2, 7, 9, 16)).requires_grad_()
        weights = [
            numbers(*shape, scale=0.3).requires_grad_()
            for shape in ((2, 16, width), (2, 1, width), (2, width, width), (2, 1, width), (width, 8), (8,))
        ]
        maps = painting.paint(Painter(*weights), state, pixels, boundary)
        (maps * wanted).sum().backward()
        return maps.detach(), [state.grad, *(weight.grad for weight in weights)]

    maps, gradients = learn()
    monkeypatch.setattr(painting, "open_library", lambda: None)
    plain, plain_gradients = learn()
    torch.testing.assert_close(maps, plain, atol=1e-5, rtol=1e-5)
    for one, other in zip(gradients, plain_gradients, strict=True):
        assert relative(one, other) < 1e-5


@needs_kernels
@pytest.mark.parametrize(("maps", "patch"), [(7, 9), (1, 11)])
def test_the_distance_of_a_texture_and_what_it_teaches_are_those_of_sorted_projections(
    monkeypatch, maps, patch
):
    exemplars = numbers(4, maps, 96, 96, scale=0.3)
    loss = SlicedWasserstein(exemplars, patch, 16, banks=2)
    first, second, share = torch.tensor([0, 1, 2]), torch.tensor([3, 1, 0]), torch.tensor([0.3, 0.0, 0.8])

    def learn():
        shown = numbers(3, maps, 72, 80).requires_grad_()
        distance = loss.between(shown, first, second, share, 1, (3, 5))
        (distance * torch.tensor([1.0, 2.0, 0.5])).sum().backward()
        return distance.detach(), shown.grad

    distance, gradient = learn()
    monkeypatch.setattr(native_slices, "open_library", lambda: None)
    plain, plain_gradient = learn()
    torch.testing.assert_close(distance, plain, atol=1e-5, rtol=1e-5)
    assert relative(gradient, plain_gradient) < 1e-3, "ranks are taken on 65,536 levels"


def test_pictures_that_are_too_small_for_their_patches_are_refused():
    """The kernel would read and write beside them."""
    loss = SlicedWasserstein(torch.rand(1, 3, 64, 64), 11, 16, banks=1)
    zero = torch.zeros(1, dtype=torch.long)
    with pytest.raises(ValueError, match="too small for patches of 11"):
        loss.between(torch.rand(1, 3, 32, 32), zero, zero, torch.zeros(1), 0)


@needs_kernels
@pytest.mark.parametrize("boundary", ["wrap", "edge"])
def test_any_number_of_threads_grows_the_same_grid(monkeypatch, boundary):
    rule = UpdateRule(*(numbers(*shape, scale=0.1).numpy() for shape in ((64, 32), (1, 32), (32, 16))))
    state = np.zeros((96, 70, 16), np.float32)
    state[[3, 50, 95], [69, 30, 2], LIFE:] = 1
    grown = []
    for count in ("1", "2", "5"):
        monkeypatch.setenv("NCA_THREADS", count)
        grown.append(native_step.grow(state, [rule], [None], 4, 0, 30, boundary))
    in_pieces = native_step.grow(state, [rule], [None], 4, 0, 11, boundary)
    grown.append(native_step.grow(in_pieces, [rule], [None], 4, 11, 19, boundary))
    assert 0 < (grown[0] != 0).mean() < 0.9, "a part is still empty"
    for other in grown[1:]:
        np.testing.assert_array_equal(grown[0], other)
    plain = np.moveaxis(state, 2, 0)
    for index in range(30):
        plain = reference.step(plain, [rule], [None], 4, index, boundary)
    np.testing.assert_allclose(np.moveaxis(grown[0], 2, 0), plain, atol=1e-4)


@needs_kernels
@pytest.mark.parametrize("boundary", ["wrap", "edge"])
def test_a_cell_that_does_not_live_keeps_none_alive_by_what_it_would_become(boundary):
    """Rules that nobody trained: cells die by some steps, and what is dead would come alive by itself."""
    random, cells, spared = np.random.default_rng(1), torch.from_numpy(cell_numbers(24, 30)), 0
    for seed in range(20):
        rule = UpdateRule(
            *(0.3 * random.standard_normal(shape, np.float32) for shape in ((64, 32), (1, 32), (32, 16)))
        )
        state = 0.1 * random.standard_normal((24, 30, 16), np.float32)
        state[..., LIFE] = 0.13 * (random.random((24, 30)) < 0.1)
        plain = np.moveaxis(reference.step(np.moveaxis(state, 2, 0), [rule], [None], seed, 0, boundary), 0, 2)
        of_torch = UpdateRule(*(torch.from_numpy(w)[None] for w in vars(rule).values()))
        by_torch = torch_step.grow(
            torch.from_numpy(state)[None], [of_torch], [None], seed, 0, 1, cells, boundary
        )
        learned = through_time.grow(torch.from_numpy(state)[None], of_torch, seed, 1, cells, boundary)
        fast = native_step.grow(state, [rule], [None], seed, 0, 1, boundary)
        for grown in (fast, by_torch[0].numpy(), learned[0].numpy()):
            np.testing.assert_allclose(grown, plain, atol=1e-4)
            assert (grown.any(2) == plain.any(2)).all()
        spared += int((~plain.any(2) & (state[..., LIFE] > 0.1)).sum())
    assert spared, "some cells died"


def test_training_goes_on_without_kernels():
    """In a process of its own: the library is opened once."""
    code = (
        "from blender_nca.kernels.library import open_library; assert open_library() is None\n"
        "import torch; from blender_nca.learning.sliced_wasserstein import SlicedWasserstein\n"
        "loss = SlicedWasserstein(torch.rand(2, 3, 64, 64), directions=16, banks=1)\n"
        "zero = torch.zeros(1, dtype=torch.long)\n"
        "print(float(loss.between(torch.rand(1, 3, 64, 64), zero, zero, torch.zeros(1), 0)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={"NCA_NO_KERNELS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0 and float(done.stdout) > 0, done.stderr


@needs_kernels
def test_a_library_that_another_processor_compiled_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(library, "FLAGS", (*library.FLAGS, "-O0"))  # twice, and nothing is grown by it
    monkeypatch.setattr(library, "BUILT", tmp_path / "none")
    library.open_library.__wrapped__()
    monkeypatch.setattr(library, "_processor", lambda: "another")
    library.open_library.__wrapped__()
    assert len(list(tmp_path.glob("*/kernels-*.so"))) == 2


needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler on this machine")


@needs_compiler
def test_an_extension_that_was_built_needs_no_compiler(monkeypatch, tmp_path):
    compiled = library._compile()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(library, "BUILT", tmp_path / "built")
    library.BUILT.mkdir()
    monkeypatch.setattr(library.shutil, "which", lambda name: None)
    assert library.open_library.__wrapped__() is None
    level = "any"
    if platform.machine().lower() in ("x86_64", "amd64"):
        probe = library.BUILT / library.built_name("probe")
        source = Path(library.__file__).with_name("probe.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", str(probe), str(source)], check=True)
        level = f"v{ctypes.CDLL(str(probe)).nca_level()}"
    built = library.BUILT / library.built_name(level)
    built.write_bytes(b"cut off")
    assert library.open_library.__wrapped__() is None, "a damaged one is left alone"
    built.unlink()
    shutil.copy(compiled, built)
    if level != "v0":
        assert library.open_library.__wrapped__()._name == str(built)
