# SPDX-License-Identifier: GPL-3.0-or-later
"""Species that read much the same must still become different materials."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from blender_nca.learning.soap import Soap  # noqa: E402


def error_of_alike_species(make_optimiser) -> float:
    """Mean squared error of a layer that reads 24 transcripts, nearly parallel, after 400 batches of four."""
    generator = torch.Generator().manual_seed(0)

    def draw(*shape):
        return torch.randn(*shape, generator=generator)

    transcripts = 3 * draw(1, 32) + 0.4 * draw(24, 32)
    wanted = draw(24, 300)
    weight = torch.zeros(32, 300, requires_grad=True)
    optimiser = make_optimiser([weight])
    for iteration in range(400):
        optimiser.param_groups[0]["lr"] *= 0.99 if iteration > 100 else 1.0
        batch = torch.randint(0, 24, (4,), generator=generator)
        optimiser.zero_grad()
        (transcripts[batch] @ weight - wanted[batch]).square().mean().backward()
        optimiser.step()
    return float((transcripts @ weight - wanted).detach().square().mean())


def test_species_of_much_the_same_dna_part_sooner_than_by_adam():
    paces = (1e-3, 3e-3, 1e-2, 3e-2)
    by_adam = min(error_of_alike_species(lambda w, lr=lr: torch.optim.Adam(w, lr)) for lr in paces)
    by_soap = min(error_of_alike_species(lambda w, lr=lr: Soap(w, lr)) for lr in paces)
    assert by_soap < 0.5 * by_adam


def test_what_is_no_matrix_is_trained_as_by_adam():
    start = torch.linspace(-1, 1, 7)
    weights = [start.clone().requires_grad_() for _ in range(2)]
    adam = torch.optim.Adam(weights[:1], 1e-2, betas=(0.9, 0.98), eps=1e-7)
    soap = Soap(weights[1:], 1e-2)
    for weight, optimiser in zip(weights, (adam, soap), strict=True):
        for _ in range(30):
            optimiser.zero_grad()
            (weight - 3).square().sum().backward()
            optimiser.step()
    torch.testing.assert_close(weights[0], weights[1])


def test_a_batch_that_leaves_most_units_silent_does_not_end_the_run():
    generator = torch.Generator().manual_seed(6)
    weight = torch.zeros(160, 400, requires_grad=True)
    weight.grad = torch.zeros_like(weight)
    heard = torch.randperm(160, generator=generator)[:7]
    loudness = 10 ** (-6 * torch.rand(7, 1, generator=generator))
    weight.grad[heard] = loudness * torch.randn(7, 400, generator=generator)
    weight.grad /= weight.grad.norm()
    Soap([weight], 1e-2).step()
    assert torch.isfinite(weight).all() and (weight[heard] != 0).all()
