# SPDX-License-Identifier: GPL-3.0-or-later
"""Mark: by which materials that are assets of species are known."""

from __future__ import annotations

MARK = "neural_growth_asset"
"""Property of a material that has not been dropped anywhere yet; of its asset's data, the name of its model."""
