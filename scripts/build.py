# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the extension: zips in ``dist/``, to be dragged into Blender.

python3 scripts/build.py                        the small zip, for every system and Blender; PyTorch comes on request
python3 scripts/build.py --torch cpu            with PyTorch in it, for this system: a zip for each Python of Blender's
python3 scripts/build.py --torch auto --platform linux-x64 windows-x64 macos-arm64 --blender 4.2 5.1
python3 scripts/build.py --torch cpu --torch-index PLACE      its wheels come from another index, or a folder
python3 scripts/build.py --repository DIR       an index of the zips in a folder, that Blender installs and updates from
python3 scripts/build.py --without-kernels      growths then need a C compiler, or PyTorch, to be fast
python3 scripts/build.py --builder BLENDER      packs with an installed Blender; nothing is set up, no kernel built

The kernels of all systems are built first (scripts/build_kernels.py), what compresses bakes is fetched
(scripts/compression_wheels.py), and the manual is made (scripts/manual.py). What goes into the zip is said in
``blender_manifest.toml``, which wheels of PyTorch in ``scripts/torch_wheels.json``. Sources and zips are checked.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import build_kernels
import compression_wheels
import extension_repository
import manual
import torch_wheels
import torch_zip
import virtual_environment
from extension_builder import BuildError, ExtensionBuilder, builder_of_blender, builder_of_bpy
from torch_wheels import KINDS, LOCK, TAGS
from virtual_environment import REPOSITORY


def main() -> int:
    options = read_options()
    if not options.builder or options.torch:
        virtual_environment.enter()
    try:
        builder = builder_of_blender(options.builder) if options.builder else builder_of_bpy()
        if options.repository:
            print(extension_repository.write(options.repository, builder))
            return 0
        if not options.without_kernels and not options.builder:
            built = build_kernels.build() + compression_wheels.unpack()
            print(f"{built[0].parent}: {len(built)} libraries")
        if not options.builder:
            manual.build()
        return build(options, builder)
    except (BuildError, manual.ManualError) as error:
        print(f"build: {error}", file=sys.stderr)
    except virtual_environment.SetUpError as error:
        print(f"build: {error}\nBuild --without-kernels to do without.", file=sys.stderr)
    return 1


def read_options() -> argparse.Namespace:
    """What somebody asked for on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--torch", choices=("auto", *KINDS), help="auto: what pip's usual index has")
    parser.add_argument(
        "--platform", nargs="+", choices=list(TAGS), default=[], help="with --torch; default: this one"
    )
    parser.add_argument(
        "--blender", nargs="+", metavar="VERSION", default=[], help="with --torch: 4.2, 5.1; default: all"
    )
    parser.add_argument("--torch-index", metavar="PLACE", default="", help="an index, or a folder of wheels")
    parser.add_argument("--torch-lock", metavar="FILE", type=Path, default=LOCK, help="another lock")
    parser.add_argument("--repository", metavar="DIR", type=Path, help="write the index of a folder of zips")
    parser.add_argument("--builder", metavar="PROGRAM", help="an installed Blender to pack with")
    parser.add_argument("--out", metavar="DIR", type=Path, default=REPOSITORY / "dist", help="default: dist/")
    parser.add_argument("--without-kernels", action="store_true", help="leave them as they are, or away")
    return parser.parse_args()


def build(options: argparse.Namespace, builder: ExtensionBuilder) -> int:
    """Build the zips that were asked for; returns the exit status. One that fails keeps no other back."""
    version = torch_zip.read_version(REPOSITORY)
    if not options.torch:
        path = options.out / f"blender_nca-{version}.zip"
        builder.build(REPOSITORY, path)
        print(torch_zip.tell(path))
        return 0
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / f"blender_nca-{version}.zip"
        builder.build(REPOSITORY, small)
        for target in torch_wheels.targets(options.torch, options.platform, options.blender):
            began = time.monotonic()
            print(f"PyTorch, {target}: fetching and packing", flush=True)
            try:
                path = torch_zip.pack(
                    small, target, options.torch_index, options.out, builder, options.torch_lock
                )
            except BuildError as error:
                print(f"build: {target}: {error}", file=sys.stderr)
                status = 1
                continue
            print(f"{torch_zip.tell(path)}; packed in {(time.monotonic() - began) / 60:.1f} minutes")
    return status


if __name__ == "__main__":
    sys.exit(main())
