# SPDX-License-Identifier: GPL-3.0-or-later
"""An encoder that learns from wrong gradients reads letters that grow something else."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from blender_nca.manifold import encoder  # noqa: E402


@pytest.mark.parametrize("around", [1, 2])
def test_the_padding_has_the_gradient_of_torchs_own(around):
    features = torch.rand(2, 3, 6, 5, dtype=torch.double, requires_grad=True)
    weights = torch.rand(2, 3, 6 + 2 * around, 5 + 2 * around, dtype=torch.double)
    own, theirs = (
        torch.autograd.grad((padded * weights).sum(), features)[0]
        for padded in (
            encoder._Wrap.apply(features, around),
            torch.nn.functional.pad(features, [around] * 4, "circular"),
        )
    )
    torch.testing.assert_close(own, theirs)
