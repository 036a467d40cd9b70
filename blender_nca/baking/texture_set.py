# SPDX-License-Identifier: GPL-3.0-or-later
"""Texture set: what a bake writes for one preset: its files, frame by frame, and the record of them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..maps.bake_preset import BLENDER, BakePreset
from ..maps.claim import Claim, turn
from ..maps.record import RecordError, read_record, record_path, write_record
from ..maps.sequence import BAKED_MAPS, OPTIONAL_MAPS
from ..maps.texture import Texture
from ..maps.texture_files import Files, files_of, has_content, missing_files
from ..maps.whole_file import remove_parts
from .bake_error import TakenError
from .naming import folder_name
from .owners import BLENDS, Owners, in_words

RECORD_PAUSE = 1.0
"""Seconds between two updates of the record."""


class TextureSet:
    """The files of one preset.

    Parameters
    ----------
    preset : BakePreset
    folder : Path
        Where the material is baked; presets other than Blender's have a folder of their own in it.
    stem, name : str
        The beginning of the files' names, and the name of the material.
    keys : mapping of int to str
        Frame of the scene -> a key of all that its maps depend on, but for the order.
    order : str
        A key of what growth order and front depend on besides; empty where they are not baked.
    numbers : mapping of int to int, str or None
        Frame -> number of its files, or what stands for it in their names; None where they have none.
    tiles : sequence of int
        Numbers of the UDIM tiles, a picture each; empty where there are none.

    Attributes
    ----------
    todo : dict of int to Files
        Frame -> what is still to be written.
    """

    def __init__(
        self,
        preset: BakePreset,
        folder: Path,
        stem: str,
        name: str,
        keys: Mapping[int, str],
        order: str,
        numbers: Mapping[int, int | str | None],
        tiles: Sequence[int] = (),
    ) -> None:
        self._tiles: Sequence[int | None] = tiles or (None,)
        self.preset, self.stem, self._name, self._numbers = preset, stem, name, numbers
        self.is_shown = preset.name == BLENDER
        self.folder = folder if self.is_shown else folder / (folder_name(preset.name) or "preset")
        self.textures = preset.textures
        if not (self.is_shown or preset.is_dated):
            order = ""
        if self.is_shown and order:
            self.textures += tuple(BAKED_MAPS[name].texture for name in OPTIONAL_MAPS)
        # a table that was edited makes other files of the same maps; Blender's own is always the same
        rest = "" if self.is_shown else json.dumps(preset.to_json(), sort_keys=True)
        self._keys = {frame: _hash(f"{key} {rest}") if rest else key for frame, key in keys.items()}
        self._order_keys = (
            {frame: _hash(f"{key} {order}") for frame, key in self._keys.items()} if order else {}
        )
        self._record: dict[str, str] = {}
        self._orders: dict[str, str] = {}
        self._changes: dict[str, tuple[str, str]] = {}
        self._owners = Owners()
        self._replaces = False
        self._written = 0.0
        self.todo: dict[int, Files] = {}
        self._claim: Claim | None = None

    def claim(self) -> None:
        """Keep others from writing the same files: those of other frames they may.

        Raises
        ------
        ClaimedError, OSError
        """
        numbers = [number for frame in self._keys if isinstance(number := self._numbers[frame], int)]
        some = (min(numbers), max(numbers)) if len(numbers) == len(self._keys) else None
        self._claim = Claim(self.folder, self.stem, some)

    @property
    def is_there(self) -> bool:
        """Whether its folder still is: where a drive is gone, files would go to the one that it was mounted on."""
        return self._claim is None or self._claim.is_there

    def release(self) -> None:
        """Let others write again."""
        if self._claim is not None:
            self._claim.release()

    def files(self, frame: int) -> Files:
        """What a frame has, of all tiles."""
        return {path: all for files in self.files_by_tile(frame).values() for path, all in files.items()}

    def files_by_tile(self, frame: int) -> dict[int | None, Files]:
        """The same of each tile."""
        said = self.textures, self.folder, self.preset.names, self.stem, self._numbers[frame]
        return {tile: files_of(*said, tile) for tile in self._tiles}

    def open(self, owners: Owners, replace: bool) -> None:
        """Find the frames that are there, and take those that will be replaced out of the record.

        Raises
        ------
        TakenError
            Somebody else shows what would be replaced.
        RecordError, OSError
        """
        self._owners = owners
        record = read_record(self.folder, self.stem) or {}
        self._record, self._orders = _texts(record, "frames"), _texts(record, "orders")
        self.todo = {frame: files for frame in self._keys if (files := self._files_to_write(frame))}
        remove_parts(path for files in self.todo.values() for path in files)
        self._replaces = any(has_content(path) for files in self.todo.values() for path in files)
        if self._replaces and not replace:
            self._refuse_to_replace(record)
        for frame, key in self._keys.items():
            # taken out before its files are replaced: half replaced, they belong to neither growth
            kept = key if self._record.get(self._number(frame)) == key else ""
            if not kept or frame in self.todo:
                self._say(frame, kept, "")
        self._write_record()

    def note(self, frame: int) -> None:
        """A frame's files are all there: the next record says so."""
        self._say(frame, self._keys[frame], self._order_keys.get(frame, ""))

    @property
    def is_due(self) -> bool:
        """Whether it is time to write the record again."""
        return time.monotonic() - self._written > RECORD_PAUSE

    def note_finished(self) -> None:
        """Write down which frames are there."""
        if not self.is_there:
            return
        # Where the disk is full or gone, the next frame says so; those not noted will be written once more.
        with contextlib.suppress(OSError, RecordError):
            self._write_record()

    def tidy(self) -> None:
        """Remove what workers that were killed on the way left half written, now that nobody writes any more."""
        if self.is_there:
            remove_parts(path for files in self.todo.values() for path in files)

    def _say(self, frame: int, key: str, order: str) -> None:
        """Let the record have keys of a frame; empty ones are taken out."""
        self._changes[self._number(frame)] = key, order

    def _number(self, frame: int) -> str:
        number = self._numbers[frame]
        return "still" if number is None else str(number)

    def _files_to_write(self, frame: int) -> Files:
        """What a frame lacks: all its files, or those that bakes of before, or of an older version, did not have."""
        files, number = self.files(frame), self._number(frame)
        if self._record.get(number) != self._keys[frame]:
            return files
        missing = missing_files(files)
        if not self._order_keys or self._orders.get(number) == self._order_keys[frame]:
            return missing
        return {path: all for path, all in files.items() if path in missing or any(map(self._is_dated, all))}

    def _is_dated(self, texture: Texture) -> bool:
        return texture.name in OPTIONAL_MAPS if self.is_shown else texture.is_dated

    def _refuse_to_replace(self, record: dict[str, object]) -> None:
        """Raise where another one shows what would be replaced."""
        names = self._owners.here(self.folder, self.stem)
        blends = self._owners.elsewhere(record, self.folder)
        if names:
            who = f"{in_words(names)} {'shows' if len(names) == 1 else 'show'}"
        elif blends:
            who = f"{in_words(path.name for path in blends)} may show"
        else:
            return
        raise TakenError(
            f"{who} the baked files of {self.stem} in {self.folder}, which would be replaced: "
            "choose another folder in Bake, or rename this material."
        )

    def _write_record(self) -> None:
        """Put the changes into the record as it is now: who bakes other frames has written into it, too."""
        with turn(record_path(self.folder, self.stem)):
            record = read_record(self.folder, self.stem) or {}
            frames, orders = _texts(record, "frames"), _texts(record, "orders")
            for number, (key, order) in list(self._changes.items()):  # frames are noted meanwhile
                for texts, said in ((frames, key), (orders, order)):
                    texts.pop(number, None)
                    if said:
                        texts[number] = said
            blends = self._owners.listed(record, self.folder, self._replaces)
            values: dict[str, object] = {"material": self._name, BLENDS: blends, "frames": _in_order(frames)}
            if orders:
                values["orders"] = _in_order(orders)
            write_record(self.folder, self.stem, values)
        self._written = time.monotonic()


def _texts(record: Mapping[str, object], name: str) -> dict[str, str]:
    """What a record has under a name, by the numbers of frames."""
    found = record.get(name)
    return dict(found) if isinstance(found, dict) else {}


def _in_order(texts: Mapping[str, str]) -> dict[str, str]:
    """By number, whoever came first."""
    return dict(sorted(texts.items(), key=lambda item: (len(item[0]), item[0])))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
