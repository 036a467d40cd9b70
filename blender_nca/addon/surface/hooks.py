# SPDX-License-Identifier: GPL-3.0-or-later
"""Hooks: what growths on meshes tell, and what is told of them."""

from __future__ import annotations

from ..host.hook import Hook

made = Hook()
"""Called with (material, whether it has a new surface), where it was asked for one."""
given = Hook()
"""Called with a material, the number of one of its seeds, and that of the layer that it is to be of; -1 is the one that
is chosen."""
