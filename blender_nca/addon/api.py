# SPDX-License-Identifier: GPL-3.0-or-later
"""Growths from Python: for scripts in Blender, with a window or without one.

    from bl_ext.user_default.blender_nca import api

    growth = api.grow(bpy.context.object, "Zebra")
    growth.show(60)

It is thin: what an artist does by a button, it does by the same operator, with the same checks. Whatever is refused is
an `ApiError` whose message says what to do. Recipes: ``docs/manual/scripting.md``.

Nothing of it is loaded before somebody imports it. The add-on must be enabled. All of it is for Blender's main thread.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from ..automaton.growth_error import GrowthError

if TYPE_CHECKING:
    import numpy as np

    from .bake.properties import Baking
    from .material.properties import NCA_PG_parent

__all__ = ["ApiError", "Growth", "grow", "growth_of", "growths", "models", "species"]


class ApiError(RuntimeError):
    """What was asked cannot be done. The message says why and what to do."""


def models() -> list[str]:
    """Names of the models that are here, such as 'materials' and 'emoji'."""
    _check_enabled()
    from .library import catalogue

    return list(catalogue.models())


def species(model: str = "materials") -> list[str]:
    """Names of a model's species, in the order of the alphabet.

    Raises
    ------
    ApiError
        There is no such model.
    """
    if model not in models():
        raise ApiError(f"There is no model “{model}”: {_nearest(model, models())}.")
    from .library import catalogue

    return [one.name for one in catalogue.species().of(model)]


def grow(
    target: bpy.types.Object | bpy.types.Material,
    species: str = "",
    second: str = "",
    blend: float = 0.0,
    model: str = "materials",
    **settings: object,
) -> Growth:
    """Let a growth begin.

    Parameters
    ----------
    target : Object or Material
        Of an object it is the active material; an object without one gets one.
    species, second : str
        Names of the two species. The first is two of the model's without a name, the second is as the first.
    blend : float
        How much of the second there is, 0 to 1.
    model : str
        Name of their model.
    **settings
        As `Growth.set` takes them: ``width=64, height=64, seeds="SCATTERED"``.

    Returns
    -------
    Growth

    Raises
    ------
    ApiError
        It grows already, it has no surface, or a name or value is none.
    """
    _check_enabled()
    owner = target if isinstance(target, bpy.types.Object) else None
    material = target if isinstance(target, bpy.types.Material) else target.active_material
    if material is not None and _nca(material).growing:
        raise ApiError(
            f"{material.name} grows already: take growth_of({material.name!r}), or remove it first."
        )
    if material is not None:
        _run(bpy.ops.nca.new, material=material.name)
    elif owner is not None:
        with bpy.context.temp_override(object=owner, active_object=owner):
            _run(bpy.ops.nca.new)
        material = owner.active_material
    assert material is not None  # the operator has made one
    growth = Growth(material)
    try:
        if species or second:
            growth.choose(species or second, second or species, model)
        growth.set(blend=blend, **settings)
    except ApiError:
        growth.remove()  # nothing half done is left
        raise
    return growth


def growth_of(target: bpy.types.Object | bpy.types.Material | str) -> Growth:
    """The growth of a material, of an object's active material, or of the material of a name.

    Raises
    ------
    ApiError
        Nothing grows there.
    """
    _check_enabled()
    if isinstance(target, str):
        material = bpy.data.materials.get(target)
    elif isinstance(target, bpy.types.Object):
        material = target.active_material
    else:
        material = target
    if material is None or not _nca(material).growing:
        name = target if isinstance(target, str) else target.name
        raise ApiError(f"Nothing grows on {name}: begin with grow().")
    return Growth(material)


def growths() -> list[Growth]:
    """All growths of the open file that are its own, in the order of their materials."""
    _check_enabled()
    return [Growth(one) for one in bpy.data.materials if _nca(one).growing and one.library is None]


class Growth:
    """A growth on a material. `grow`, `growth_of` and `growths` give it; it holds nothing of its own.

    Attributes
    ----------
    material : Material
        Its properties, with all there is to set and to key, are at ``material.nca``.
    """

    def __init__(self, material: bpy.types.Material):
        self.material = material

    def __repr__(self) -> str:
        return f"Growth({self.material.name!r}: {self.species}, {self.second}, blend {self.blend:.2f})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Growth) and self.material == other.material

    def __hash__(self) -> int:
        return hash(self.material)

    # what grows -----------------------------------------------------------------------------------

    @property
    def species(self) -> str:
        """Name of the first species. Setting it takes the DNA of that name."""
        return str(_nca(self.material).a.species)

    @species.setter
    def species(self, name: str) -> None:
        self._take(_nca(self.material).a, name, _nca(self.material).a.manifold)

    @property
    def second(self) -> str:
        """Name of the second species. Setting it takes the DNA of that name."""
        return str(_nca(self.material).b.species)

    @second.setter
    def second(self, name: str) -> None:
        self._take(_nca(self.material).b, name, _nca(self.material).a.manifold)

    def choose(self, species: str, second: str = "", model: str = "materials") -> None:
        """Take two species of any model; raises `ApiError` where there is none of a name. The second is as the first
        without a name."""
        nca = _nca(self.material)
        found = [self._find(name, model) for name in (species, second or species)]
        for parent, one in zip((nca.a, nca.b), found, strict=True):
            parent.choose(one)

    @property
    def dna(self) -> str:
        """Letters of the first species, and `second_dna` of the second. They can be set; spaces do not count."""
        return str(_nca(self.material).a.dna)

    @dna.setter
    def dna(self, letters: str) -> None:
        self._write(_nca(self.material).a, letters)

    @property
    def second_dna(self) -> str:
        """See `dna`."""
        return str(_nca(self.material).b.dna)

    @second_dna.setter
    def second_dna(self, letters: str) -> None:
        self._write(_nca(self.material).b, letters)

    @property
    def blend(self) -> float:
        """How much of the second species there is, 0 to 1."""
        return float(_nca(self.material).blend)

    @blend.setter
    def blend(self, share: float) -> None:
        self.set(blend=share)

    # where and how ----------------------------------------------------------------------------------

    def set(self, **settings: object) -> Growth:
        """Set properties of ``material.nca`` by their names, all or none of them; returns itself.

        Raises
        ------
        ApiError
            There is no such property, or it does not take the value.
        """
        self._check_open("to change it")
        nca, before = _nca(self.material), {}
        for name in settings:
            if name not in nca.bl_rna.properties:
                raise ApiError(
                    f"A growth has no property “{name}”: {_nearest(name, nca.bl_rna.properties.keys())}."
                )
        try:
            for name, value in settings.items():
                before[name] = getattr(nca, name)
                setattr(nca, name, value)
        except (TypeError, ValueError, AttributeError) as error:
            for name, value in list(before.items())[:-1]:
                setattr(nca, name, value)
            raise ApiError(f"“{list(before)[-1]}” does not take that value: {error}") from error
        return self

    def seed(self, points: Iterable[tuple[float, float]], starts: Iterable[int] = ()) -> Growth:
        """Let it begin at points; returns itself.

        Parameters
        ----------
        points : iterable of (float, float)
            In the picture: (0, 0) is its lower left corner, (1, 1) its upper right one.
        starts : iterable of int
            For each of them, after how many frames of the growth it begins; 0 for those that are not said.

        Raises
        ------
        ApiError
            There is no point.
        """
        self._check_open("to plant seeds")
        wanted = [(float(x), float(y)) for x, y in points]
        if not wanted:
            raise ApiError("Name one point or more: a growth without seeds does not grow.")
        late, nca = list(starts), _nca(self.material)
        nca.points.clear()
        for number, at in enumerate(wanted):
            point = nca.points.add()
            point.at, point.start = at, late[number] if number < len(late) else 0
        nca.seeds = "POINTS"
        return self

    def key(self, name: str, values: dict[int, float]) -> Growth:
        """Set keyframes on 'blend', 'age' or 'steps_per_frame': frame of the scene -> value; returns itself."""
        for frame, value in values.items():
            self.set(**{name: value})
            self.material.keyframe_insert(f"nca.{name}", frame=frame)
        return self

    # what comes of it -------------------------------------------------------------------------------

    def show(self, frame: int | None = None) -> Growth:
        """Go to a frame of the scene, the current one without a number, and wait until it is shown; returns itself.

        Raises
        ------
        ApiError
            It does not grow; the message is what the panel says.
        """
        from .playback import frames
        from .playback.picture import picture_of

        scene = _scene()
        if frame is not None:
            scene.frame_set(frame)
        frames.show([self.material], scene.frame_current, None)
        problem = picture_of(self.material).problem
        if problem and not _nca(self.material).baked:
            raise ApiError(problem)
        return self

    def maps(self, frame: int | None = None, timeout: float | None = None) -> dict[str, np.ndarray]:
        """Grow a frame of the scene and give its maps. Scene and material stay as they are.

        Parameters
        ----------
        frame : int, optional
            Of the scene; the current one without it.
        timeout : float, optional
            Seconds to wait; without it, as long as it takes.

        Returns
        -------
        dict of str to ndarray, float32
            'base_colour' (height, width, 3), scene-linear, straight; 'alpha', 'height', 'roughness', 'metallic',
            'emission' (height, width), 0 to 1. Row 0 at the bottom, as in Blender's images.

        Raises
        ------
        ApiError
            It does not grow, or not in time.
        """
        from ..engine.client import EngineError
        from ..maps.channels import LIVE_IMAGES
        from .material.clock import frame_of
        from .material.growth import growth_of as described
        from .settings.preferences import chosen_engine

        try:
            grown = frame_of(self.material, _scene().frame_current if frame is None else frame)
            shown = chosen_engine().frame(described(self.material, grown), grown, timeout)
        except (EngineError, GrowthError) as error:
            raise ApiError(str(error)) from error
        except TimeoutError as error:
            raise ApiError(
                f"Not grown within {timeout} seconds: wait longer, or grow fewer cells."
            ) from error
        colour, data = shown.pixels
        maps = {name: data[..., place].copy() for place, name in enumerate(LIVE_IMAGES[1])}
        return {"base_colour": colour[..., :3].copy(), "alpha": colour[..., 3].copy(), **maps}

    def bake(
        self,
        folder: str | Path = "",
        first: int | None = None,
        last: int | None = None,
        replace: bool = False,
    ) -> Path:
        """Write frames to disk, wait for them, and let the material show the files.

        Parameters
        ----------
        folder : str or Path
            Without it, the one of before, or one beside the .blend file.
        first, last : int, optional
            Frames of the scene; without them the scene's. A loop is baked as its frames alone, unless ``bake_loop`` is
            off.
        replace : bool
            Also files that another material, or another .blend file, shows.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        ApiError
            It cannot be baked. What is finished stays, and the next bake goes on from there.
        """
        from .bake.destination import folder_of

        chosen = {"bake_folder": str(folder)} if str(folder) not in {"", "."} else {}
        frames = {"bake_start": first, "bake_end": last}
        self.set(**chosen, **{name: frame for name, frame in frames.items() if frame is not None})
        _run(bpy.ops.nca.bake, material=self.material.name, replace=replace)
        return folder_of(self.material)

    def free_bake(self) -> Growth:
        """Show the live growth again; the files stay. Returns itself."""
        if not _nca(self.material).baked:
            raise ApiError(f"{self.material.name} is not baked.")
        _run(bpy.ops.nca.free_bake, material=self.material.name)
        return self

    def remove(self) -> None:
        """Take the growth away. The material gets back what it had before."""
        _run(bpy.ops.nca.remove, material=self.material.name)

    # ------------------------------------------------------------------------------------------------

    def _check_open(self, to_do: str) -> None:
        from .material.status import is_open, why_not_open

        if not is_open(self.material):
            raise ApiError(why_not_open(self.material, to_do))

    def _find(self, name: str, model: str) -> Any:
        from .library import catalogue

        one = catalogue.species().find(model, name)
        if one is None:
            raise ApiError(f"There is no species “{name}” of “{model}”: {_nearest(name, species(model))}.")
        return one

    def _take(self, parent: NCA_PG_parent, name: str, model: str) -> None:
        self._check_open("to change its species")
        parent.choose(self._find(name, model))

    def _write(self, parent: NCA_PG_parent, letters: str) -> None:
        self._check_open("to change its DNA")
        parent.text = letters
        if parent.draft_problem:
            problem, parent.draft, parent.draft_problem = parent.draft_problem, "", ""
            raise ApiError(f"{problem}.")


def _check_enabled() -> None:
    if not hasattr(bpy.types.Material, "nca"):
        raise ApiError("Neural Growth is not enabled: enable it in Edit > Preferences > Add-ons first.")


def _nca(material: bpy.types.Material) -> Baking:
    return material.nca  # the add-on gives it to materials


def _scene() -> bpy.types.Scene:
    scene: bpy.types.Scene | None = bpy.context.scene
    assert scene is not None  # every file has one
    return scene


def _run(operator: Any, **properties: object) -> None:
    """Run an operator; what it reports as an error is raised."""
    try:
        done = operator("EXEC_DEFAULT", **properties)
    except RuntimeError as error:
        raise ApiError(" ".join(str(error).split()).removeprefix("Error: ")) from error
    if "FINISHED" not in done:
        raise ApiError(f"{operator.idname_py()} did nothing: see what it has reported.")


def _nearest(name: str, names: Iterable[str]) -> str:
    """The names nearest to one that is not there, to say in its place."""
    known = list(names)
    found = difflib.get_close_matches(name, known, 3, 0.5) or sorted(known)[:5]
    return f"did you mean {', '.join(found)}" if found else "there is none"
