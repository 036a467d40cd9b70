# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong while PyTorch is being installed, in words for the artist."""

from __future__ import annotations

import platform
import re
import sys
from pathlib import Path

from .recipe import GIB

LINE_CHARACTERS, LAST_LINES = 300, 6


def no_room(room: int, free: int, folder: Path) -> str:
    return (
        f"There is not enough room on the disk: it takes {room / GIB:.0f} GB while it is being installed, and "
        f"{free / GIB:.1f} GB are free at {folder}. Make room and try again."
    )


_EXPLANATIONS = (
    (
        r"No space left on device|WinError 112|not enough space on the disk|Disk quota exceeded",
        "The disk is full. Nothing was kept: make room and try again. It takes {room} while it is being installed.",
    ),
    (
        r"No module named '?(ensurepip|venv)|ensurepip is (not available|disabled)",
        "This Blender's Python lacks the modules venv and ensurepip. On Debian and Ubuntu install {package}, or use "
        "the Blender from its own site; or install PyTorch in another Python, and name that one in these preferences.",
    ),
    (
        r"Long Path support|WinError 206|filename or extension is too long|File name too long",
        "The folder's path is too long for Windows. Switch on long paths in Windows and try again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError",
        "The package index could not be trusted: its certificate is not known here, as behind some company networks. "
        "Their PIP_CERT or PIP_INDEX_URL is taken into account.",
    ),
    (
        r"is not a trusted or secure host",
        "The package index is not secure: its address must begin with https.",
    ),
    (
        r"NewConnectionError|NameResolutionError|SSLError|ConnectTimeout|ReadTimeout|ProxyError|Connection refused"
        r"|Connection aborted|ConnectionResetError|Network is unreachable|Max retries exceeded|IncompleteRead"
        r"|Temporary failure in name resolution|getaddrinfo failed|WinError 100[0-9]+|ProtocolError",
        "There is no network, or the package index does not answer. Connect (behind a proxy: set HTTPS_PROXY before "
        "Blender starts) and try again.",
    ),
    (
        r"No matching distribution found",
        "The package index has no PyTorch for this system (Python {python} on {system}).",
    ),
    (
        r"Permission denied|WinError 5\b|Read-only file system|Operation not permitted",
        "The extension's folder cannot be written to: see its permissions, and whether a virus scanner holds it.",
    ),
    (
        r"DLL load failed|WinError 126|WinError 1114",
        "PyTorch was downloaded, but Windows cannot load it. Install Microsoft's Visual C++ Redistributable and try "
        "again.",
    ),
)


def explain(output: str, otherwise: str, room: int) -> str:
    """Say what went wrong in a step and what to do; its last lines follow."""
    version = ".".join(map(str, sys.version_info[:2]))
    facts = {
        "room": f"{room / GIB:.0f} GB" if room >= GIB else "some room",
        "package": f"python{version}-venv",
        "python": version,
        "system": f"{platform.system()} {platform.machine()}",
    }
    for pattern, text in _EXPLANATIONS:
        if re.search(pattern, output, re.IGNORECASE):
            otherwise = text.format(**facts)
            break
    last = [line for line in output.splitlines() if not line.startswith("WARNING: Retrying")][-LAST_LINES:]
    return "\n".join([otherwise, *(line[:LINE_CHARACTERS] for line in last)])
