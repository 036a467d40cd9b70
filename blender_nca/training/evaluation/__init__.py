# SPDX-License-Identifier: GPL-3.0-or-later
"""How good a manifold is. All that is measured grows from one cell, by fixed random seeds, on grids that training never
used."""

from .figures import measure_bundled, measure_figures
from .fine_detail import measure_fine_detail
from .learned import measure_learned
from .materials import measure_materials
from .readings import measure_readings
from .surfaces import measure_surfaces

__all__ = [
    "measure_bundled",
    "measure_figures",
    "measure_fine_detail",
    "measure_learned",
    "measure_materials",
    "measure_readings",
    "measure_surfaces",
]
