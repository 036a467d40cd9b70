# SPDX-License-Identifier: GPL-3.0-or-later
"""What parts of the torture do in a Blender: `torture_start` starts it, this file is the script that it runs.

A part is a generator: in a window it is gone through by a timer, between whose beats Blender does all else that it
does; without one in one go. What it returns is printed as a line that `torture_start` finds.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Generator
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import bpy
import checkout
import numpy as np

MARK = "TORTURE "
CELLS, PIXELS = 24, 4
Steps = Generator[None, None, dict[str, Any]]


class Stage:
    """The enabled add-on in an empty file, and growths of the bundled materials.

    Parameters
    ----------
    folder : Path
        For whatever is written.
    device : str
        What grows, as `engine.client.Engine` takes it.
    """

    def __init__(self, folder: Path, device: str) -> None:
        self.folder = folder
        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
        checkout.offer(Path(os.environ["BLENDER_USER_RESOURCES"]))
        self._device = device
        self.enable()

    def enable(self) -> None:
        """Enable the add-on. Its engine grows on the device that was told, of which the preferences know only some."""
        checkout.enable()
        engine = self.module("addon.engine")
        configure = engine.configure
        engine.configure = lambda told, *rest: configure(told._replace(device=self._device), *rest)
        bpy.context.preferences.edit.use_global_undo = True

    def module(self, name: str) -> ModuleType:
        """A module of the add-on as Blender runs it."""
        return importlib.import_module(f"{checkout.PACKAGE}.blender_nca.{name}")

    @property
    def engine(self) -> Any:
        """The client of its worker."""
        return self.module("addon.settings.preferences").chosen_engine()

    def material(self, name: str, species: int = 0, cells: int = CELLS, **values: Any) -> bpy.types.Material:
        """A plane with a growth."""
        bpy.ops.mesh.primitive_plane_add()
        material = bpy.data.materials.new(name)
        if bpy.app.version < (5, 0, 0):
            material.use_nodes = True
        bpy.context.object.data.materials.append(material)
        if bpy.ops.nca.new() != {"FINISHED"}:
            raise AssertionError("a growth could not be begun")
        known = self.module("addon.library").species().of("materials")
        material.nca.a.choose(known[species])
        material.nca.b.choose(known[species + 1])
        settings = {"width": cells, "height": cells, "pixels_per_cell": PIXELS, "start_frame": 1}
        for setting, value in {**settings, **values}.items():
            setattr(material.nca, setting, value)
        return material

    def growth(self, material: bpy.types.Material, scene_frame: int) -> tuple[Any, int]:
        """The growth of a material, and the frame of it at one of the scene."""
        frame = self.module("addon.material.clock").frame_of(material, scene_frame)
        return self.module("addon.material.growth").growth_of(material, frame), frame

    def expected(self, material: bpy.types.Material, last: int) -> dict[int, str]:
        """Scene frames from 1 on, grown in order by an engine that nobody disturbs -> what is to be seen."""
        self.module("addon.settings.preferences").push()  # on the same device: others differ in a digit
        engine = self.module("addon.engine").another()
        try:
            return {
                frame: digest(engine.frame(*self.growth(material, frame), 120).pixels)
                for frame in range(1, last + 1)
            }
        finally:
            engine.stop()

    def seen(self, material: bpy.types.Material) -> str:
        """What the live images hold."""
        shown = []
        for image in (material.nca.image_colour, material.nca.image_data):
            values = np.empty(len(image.pixels), np.float32)
            image.pixels.foreach_get(values)
            shown.append(values.reshape(image.size[1], image.size[0], 4))
        return digest(np.stack(shown))

    def picture(self, material: bpy.types.Material) -> Any:
        """What the add-on knows of what it shows."""
        return self.module("addon.playback.picture").picture_of(material)


def digest(pixels: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()[:16]


def tell(values: dict[str, Any]) -> None:
    """Say something to whoever started this Blender."""
    print(f"\n{MARK}{json.dumps(values)}", flush=True)


def main(part: str, told: dict[str, Any]) -> None:
    name, _, function = part.partition(":")
    make: Callable[..., Steps] = getattr(importlib.import_module(name), function)
    stage = Stage(Path(told.pop("folder")), told.pop("device"))
    tell({"pid": os.getpid()})
    steps = make(stage, **told)
    if bpy.app.background:
        while _goes_on(steps):
            pass
    else:
        bpy.app.timers.register(lambda: 0.0 if _goes_on(steps) else None, first_interval=1.0)


def _goes_on(steps: Steps) -> bool:
    """Go on with a part, and end Blender with it: as a module it may hang when Python ends."""
    try:
        next(steps)
        return True
    except StopIteration as end:
        tell({"figures": end.value})
        status = 0
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    arguments = sys.argv[sys.argv.index("--") + 1 :]
    main(arguments[0], json.loads(arguments[1]))
