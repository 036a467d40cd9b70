# SPDX-License-Identifier: GPL-3.0-or-later
"""Command: `blender --command nca_assets FOLDER` makes an asset library without a window, as for a studio's server."""

from __future__ import annotations

import argparse
import sys

import bpy

NAME = "nca_assets"
"""Blender refuses a name that is no identifier, such as one with a hyphen."""


def run(arguments: list[str]) -> int:
    """Make the library that the arguments name; the exit status of Blender."""
    parser = argparse.ArgumentParser(
        prog=f"blender --command {NAME}", description="Make an asset library of the species of Neural Growth."
    )
    parser.add_argument("folder", help="of the library; what else is in it stays")
    parser.add_argument(
        "--species", choices=("all", "model", "own"), default="all", help="what it is made of (all)"
    )
    options = parser.parse_args(arguments)
    try:
        bpy.ops.nca.make_asset_library(directory=options.folder, which=options.species.upper(), adds=False)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
