# SPDX-License-Identifier: GPL-3.0-or-later
"""Pixel block: memory that two processes see, for the pixels that are too large for messages.

Not `multiprocessing.shared_memory`: before Python 3.13 that starts a tracker process from `sys.executable`
(which need not be a Python in Blender), and the tracker of the process that only attached unlinks the block
when that process ends. Nor does it reserve its memory, so a full /dev/shm (64 MiB in containers) ends the
process that writes the pixels, which may be Blender. Here a full one is an OSError while the block is made.

A block is a file, but on Windows, where it goes with the processes that see it. Its maker holds the file locked; that
ends with the maker, however it ends. So a file that nobody holds was left behind, whatever its maker's number was,
in whichever container, and who has that number now.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import secrets
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the worker needs this module before it knows where numpy is
    import numpy as np

if sys.platform != "win32":
    import fcntl

_ZEROS = bytes(2**20)
_NAME = "neural-growth-pixels-"


def block_prefix() -> str:
    """A name that the blocks of one client begin with, so that they can be found and removed."""
    return f"{_NAME}{os.getpid()}-{secrets.token_hex(8)}"


class PixelBlock:
    """Shared memory of `size` bytes. Make it with `create` or `open`, end with `close`; its maker also calls
    `unlink`.

    Attributes
    ----------
    name : str
        What the other process opens it by: a file's path, or a tag on Windows.
    size : int
        Bytes.
    """

    def __init__(self, name: str, size: int, memory: mmap.mmap):
        self.name, self.size, self._memory = name, size, memory

    @classmethod
    def create(cls, prefix: str, size: int) -> PixelBlock:
        """Make a block; raises OSError where there is no memory for it."""
        name = f"{prefix}-{secrets.token_hex(4)}"
        if sys.platform == "win32":
            return cls(name, size, mmap.mmap(-1, size, tagname=name))
        for folder in block_folders():
            path = os.path.join(folder, name)
            try:
                return cls(path, size, _map_file(path, size, os.O_CREAT | os.O_EXCL))
            except OSError as error:
                _remove(path)
                refusal = error
        raise refusal

    @classmethod
    def open(cls, name: str, size: int) -> PixelBlock:
        """Open a block that another process made; raises OSError where it is gone."""
        if sys.platform == "win32":
            return cls(name, size, mmap.mmap(-1, size, tagname=name))
        return cls(name, size, _map_file(name, size, 0))

    def write(self, array: np.ndarray) -> None:
        """Put an array's float32 values at the beginning of the block."""
        import numpy as np

        view = np.frombuffer(self._memory, np.float32, array.size).reshape(array.shape)
        np.copyto(view, array)

    def read(self, shape: tuple[int, ...]) -> np.ndarray:
        """A copy of the float32 values at the beginning of the block."""
        import numpy as np

        return np.frombuffer(self._memory, np.float32, int(np.prod(shape))).reshape(shape).copy()

    def close(self) -> None:
        self._memory.close()

    def unlink(self) -> None:
        """Remove the name. The memory goes when both processes have closed it (on Windows the name goes then, too)."""
        if sys.platform != "win32":
            _remove(self.name)

    def __enter__(self) -> PixelBlock:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def remove_blocks(prefix: str) -> None:
    """Remove all blocks that begin with `prefix`: what a client that was killed left behind."""
    if prefix.startswith(_NAME):
        for path in _files(f"{prefix}-*"):
            _remove(path)


def remove_abandoned_blocks() -> None:
    """Remove this user's blocks that no process holds: where client and worker were killed, nobody else does."""
    for path in _files(f"{_NAME}*"):
        try:
            # a link, or a file that is another user's, is none of ours
            descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            continue
        try:
            found = os.fstat(descriptor)
            if found.st_uid == os.geteuid() and stat.S_ISREG(found.st_mode):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(path)
        except OSError:  # held
            pass
        finally:
            os.close(descriptor)


def block_folders() -> list[str]:
    in_memory = "/dev/shm"
    return [in_memory] * os.access(in_memory, os.W_OK | os.X_OK) + [tempfile.gettempdir()]


def _files(pattern: str) -> list[Path]:
    """The files of blocks with such names; none on Windows."""
    folders = [] if sys.platform == "win32" else block_folders()
    return [path for folder in folders for path in Path(folder).glob(pattern)]


def _map_file(path: str, size: int, flags: int) -> mmap.mmap:
    descriptor = os.open(path, os.O_RDWR | flags, 0o600)
    try:
        if flags & os.O_CREAT:
            _hold(descriptor)
            with open(descriptor, "wb", closefd=False) as file:  # only bytes that were written are reserved
                for start in range(0, size, len(_ZEROS)):
                    file.write(_ZEROS[: size - start])
        elif os.fstat(descriptor).st_size < size:
            # touching what is not there would end this process
            raise OSError(f"{path} has fewer than {size} bytes")
        return mmap.mmap(descriptor, size)  # it keeps a copy of the descriptor, and with it the lock
    finally:
        os.close(descriptor)


def _hold(descriptor: int) -> None:
    """Lock a new file. Raises OSError where it was taken for an abandoned one in between."""
    with contextlib.suppress(OSError):  # a file system without locks: nobody can take it for abandoned there
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    if not os.fstat(descriptor).st_nlink:
        raise OSError("the block was removed")


def _remove(path: str | Path) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass
