# SPDX-License-Identifier: GPL-3.0-or-later
"""How good a manifold is. All from fixed seeds, on grids that training never used, from a single cell."""

from .figures import measure_figures
from .materials import measure_materials

__all__ = ["measure_figures", "measure_materials"]
