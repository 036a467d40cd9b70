# SPDX-License-Identifier: GPL-3.0-or-later
"""Baking: what a bake writes, and its way to the disk, without Blender. Nothing is imported here."""
