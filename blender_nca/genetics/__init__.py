# SPDX-License-Identifier: GPL-3.0-or-later
"""Genetics: DNA and species. Parse, blend, mutate and cross DNA; read and write the species library.

Plain Python and numpy: neither torch nor bpy.
"""
