# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps: what becomes of the renderer's channels.

Normals, packing for live images, pictures and their sequences on disk.
Plain Python and numpy: neither torch nor bpy.
"""

from .channels import CHANNEL_COUNT, MAPS
from .colour import linear_to_srgb, srgb_to_linear
from .normal import normal_from_height
from .packing import pack_live
from .png import encode_png, write_png
from .record import RecordError, read_record, record_path, write_record
from .sequence import SEQUENCE_MAPS, finished_frames, frame_path, write_frame

__all__ = [
    "CHANNEL_COUNT",
    "MAPS",
    "SEQUENCE_MAPS",
    "RecordError",
    "encode_png",
    "finished_frames",
    "frame_path",
    "linear_to_srgb",
    "normal_from_height",
    "pack_live",
    "read_record",
    "record_path",
    "srgb_to_linear",
    "write_frame",
    "write_png",
    "write_record",
]
