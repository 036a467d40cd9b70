# SPDX-License-Identifier: GPL-3.0-or-later
"""What an artist sends with a problem must not say who they are, nor what they work on."""

from __future__ import annotations

import json
import unicodedata
from urllib.parse import quote

import pytest

from blender_nca.addon.host.personal import hide

HOMES = {
    "anna": "/home/anna",
    "Anna Müller": "/Users/Anna Müller",
    "Анна Петрова": "C:\\Users\\Анна Петрова",
    "山田": "C:\\Users\\山田",
    "O'Neil": "D:\\Profiles\\O'Neil",
}


def ways(path: str) -> list[str]:
    """How a path may stand in a log."""
    both = [unicodedata.normalize(form, path) for form in ("NFC", "NFD")]
    slashes = [way.replace("\\", "/") for way in both]
    return [
        *both,
        *slashes,
        *map(json.dumps, both),
        *map(repr, both),
        *(quote(way) for way in slashes),
        path.lower(),
    ]


@pytest.mark.parametrize("user", HOMES)
def test_no_way_to_write_a_home_or_a_user_is_left(user):
    home = HOMES[user]
    slash = "\\" if "\\" in home else "/"
    texts = [
        home,
        *(f"{home}{slash}{name}" for name in ("Desktop", "My Film", "My Film" + slash + "Secret Shot.blend")),
    ]
    for text in texts:
        for written in ways(text):
            for line in (
                written,
                f'  File "{written}", line 3, in run',
                f"The disk of {written} is full: free some space.",
                f"[Errno 13] Permission denied: '{written}'",
                f"Cannot write into {written} (read-only), {user} says",
                f"WARNING engine.worker: {written}: it is damaged; start again",
            ):
                hidden = hide(line, [home], [user])
                plain = unicodedata.normalize("NFC", hidden).casefold()
                assert user.casefold() not in plain and "secret" not in plain and "film" not in plain, (
                    line,
                    hidden,
                )
                assert quote(user).casefold() not in plain


def test_paths_of_projects_go_wherever_they_lie_and_their_endings_stay():
    said = {
        "The disk of /mnt/Secret Film/textures is full: free some space.": "The disk of <path>: free some space.",
        "saved “D:\\Kunde\\Secret Shot 010.blend”": "saved “<path>.blend”",
        "\\\\server\\Secret Film\\scenes\\shot.blend": "<path>.blend",
        "file:///srv/Secret/scene.blend": "<path>.blend",
        "/Volumes/Secret/lib/python3.11/site-packages/torch/__init__.py": "<path>/site-packages/torch/__init__.py",
        "C:\\Users\\SOMEBO~1\\AppData\\Local\\Temp\\growth-x1": "<path>",
        "/home/somebody-else/x.png, and on": "<path>.png, and on",
    }
    for line, wanted in said.items():
        assert hide(line, [], []) == wanted


def test_what_tells_nothing_of_anybody_stays():
    for line in (
        "OpenGL/Vulkan and/or Metal: 4096 x 4096 cells at 3.5 steps/s, 12/24 frames",
        "https://docs.blender.org/manual/en/latest/",
        '  File "/usr/lib/python3.13/threading.py", line 1041, in run',
        "C:\\Program Files\\Blender Foundation\\Blender 5.2\\blender.exe",
        "CUDA: NVIDIA GeForce RTX 3060; torch 2.13.0 (bundled)",
        "2026-11-28 17:00:00,123 INFO engine.supervisor: The engine runs on CPU: 2 threads.",
    ):
        assert hide(line, ["/home/anna"], ["anna", "blender", "al", "torch"]) == line


def test_folders_that_are_known_are_named_and_what_is_below_them_stays():
    package = "/home/anna/.config/blender/5.2/extensions/user_default/blender_nca"
    line = f'File "{package}/blender_nca/engine/worker.py", line 12; {package}2/other.py; Banana, ANNA.'
    wanted = 'File "<extension>/blender_nca/engine/worker.py", line 12; '
    wanted += "<path>/extensions/user_default/blender_nca2/other.py;"
    assert hide(line, ["/home/anna"], ["anna"], {package: "<extension>"}) == f"{wanted} Banana, <user>."
