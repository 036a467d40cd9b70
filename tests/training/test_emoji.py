# SPDX-License-Identifier: GPL-3.0-or-later
"""What someone who trains on the emoji, or compares with others on them, would lose."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from blender_nca.training.exemplars import emoji

FOLDER = Path(__file__).parents[2] / "models" / "emoji"
ATLAS = FOLDER / "atlas.png"


@pytest.fixture(scope="module")
def atlas() -> tuple[list[str], list[str], np.ndarray]:
    return emoji.read_atlas(ATLAS)


@pytest.fixture(scope="module")
def font() -> Path:
    try:
        return emoji.find_font()
    except FileNotFoundError as error:
        pytest.skip(str(error))


def over(picture: np.ndarray, ground: float) -> np.ndarray:
    return picture[:3] * picture[3:] + ground * (1 - picture[3:])


def test_a_machine_without_the_font_has_the_pictures(atlas):
    characters, names, pictures = atlas
    assert len(characters) == len(names) == len(pictures) == len(set(names)) == 1381
    assert pictures.shape[1:] == (4, 64, 64) and pictures.dtype == np.float32
    assert pictures.min() == 0 and pictures.max() == 1
    assert all(len(character) == 1 for character in characters)
    assert ATLAS.stat().st_size < 5_000_000


def test_each_picture_is_a_whole_figure_with_room_around_it(atlas):
    for name, picture in zip(atlas[1], atlas[2], strict=True):
        alpha = picture[3]
        assert 0.05 < alpha.mean() < 0.95, name
        rows, columns = np.nonzero(alpha)
        assert min(rows.min(), columns.min()) >= 2 and max(rows.max(), columns.max()) < 62, (
            f"{name} has no margin"
        )


def test_no_two_pictures_are_the_same(atlas):
    assert len({picture.tobytes() for picture in atlas[2]}) == len(atlas[2])


def test_names_are_those_of_the_characters(atlas):
    for character, name in zip(atlas[0], atlas[1], strict=True):
        # the Python that drew the atlas may know more characters than this one
        assert name == unicodedata.name(character, name).lower() and not name.startswith("U+")


def test_the_atlas_keeps_the_split(atlas):
    held_out = [emoji.is_held_out(character) for character in atlas[0]]
    assert held_out == [False] * 1124 + [True] * 257


def test_nobody_picked_the_emoji(atlas):
    for side in (atlas[0][:1124], atlas[0][1124:]):
        assert list(side) == sorted(side, key=emoji.hash_of)


def test_the_split_never_moves():
    """An emoji that changes sides makes every published number of generalisation worthless."""
    held_out = {
        "\N{DIZZY SYMBOL}": False,
        "\N{OX}": True,
        "\N{ANCHOR}": True,
        "\N{SHARK}": False,
        "\N{KEY}": False,
    }
    assert {character: emoji.is_held_out(character) for character in held_out} == held_out
    share = np.mean([emoji.is_held_out(chr(code)) for code in range(0x1F300, 0x1FB00)])
    assert share == pytest.approx(emoji.HELD_OUT_SHARE, abs=0.03)


def test_choosing_leans_on_no_order_and_a_larger_choice_keeps_the_smaller():
    characters = [chr(code) for code in range(0x1F300, 0x1F400)]
    few = emoji.choose(characters, 8, 2)
    assert few == emoji.choose(characters[::-1], 8, 2)
    more = emoji.choose(characters, 20, 5)
    assert (more[:8], more[20:22]) == (few[:8], few[8:])


@pytest.mark.parametrize("wanted", [(300, 2), (2, 300), (-1, 2)])
def test_more_emoji_than_there_are_is_said(wanted):
    with pytest.raises(ValueError, match="there are"):
        emoji.choose([chr(code) for code in range(0x1F300, 0x1F400)], *wanted)


def test_edges_are_as_bright_as_what_they_edge(atlas):
    """Colour that was mixed with transparent black makes a dark fringe over every other ground."""
    pictures = atlas[2]
    alpha = pictures[:, 3]
    edge, inside = (alpha > 0.2) & (alpha < 0.8), alpha > 0.99
    ratios = []
    for colour, e, i in zip(pictures[:, :3].mean(1), edge, inside, strict=True):
        if e.any() and i.any():  # a face of dots has neither
            ratios.append(colour[e].mean() / colour[i].mean())
    assert np.median(ratios) == pytest.approx(1, abs=0.15)
    diamond = pictures[atlas[0].index("\N{LARGE ORANGE DIAMOND}")]
    rim = (diamond[3] > 0.2) & (diamond[3] < 0.8)
    assert rim.any() and diamond[0][rim].min() > 0.85


def test_what_is_transparent_is_black(atlas):
    colour, alpha = atlas[2][:, :3], atlas[2][:, 3:]
    assert not (colour * (alpha == 0)).any()


def test_the_fonts_licence_goes_with_the_pictures():
    text = (FOLDER / "LICENCE-NotoEmoji.txt").read_text(encoding="utf-8")
    assert "Copyright: 2013-2017 Google Inc." in text
    assert "SIL OPEN FONT LICENSE Version 1.1" in text and "PERMISSION & CONDITIONS" in text


def save_atlas(path: Path, entries: object, shape: tuple[int, ...] = (64, 128, 4)) -> Path:
    text = PngInfo()
    text.add_text(emoji.ATLAS_KEY, json.dumps(entries))
    Image.fromarray(np.zeros(shape, np.uint8)).save(path, pnginfo=text)
    return path


@pytest.mark.parametrize(
    "entries, shape",
    [
        ([], (64, 128, 4)),
        ([["a", "a"]] * 3, (64, 128, 4)),
        ([["a", "a"]], (64, 100, 4)),
        ([["a", "a"]], (64, 128, 3)),
        ({"a": 1}, (64, 128, 4)),
        (7, (64, 128, 4)),
    ],
)
def test_a_foreign_atlas_is_refused_by_name(tmp_path, entries, shape):
    path = save_atlas(tmp_path / "foreign.png", entries, shape)
    with pytest.raises(ValueError, match=r"foreign\.png"):
        emoji.read_atlas(path)


@pytest.mark.parametrize("name", ["holiday.png", "holiday.jpg"])
def test_a_picture_that_is_no_atlas_is_refused_by_name(tmp_path, name):
    path = tmp_path / name
    Image.new("RGB", (64, 64)).save(path)
    with pytest.raises(ValueError, match=rf"{name} is not an atlas"):
        emoji.read_atlas(path)


@pytest.mark.parametrize("kept", [0, 7, 40, 600, 100_000])
def test_a_file_cut_short_is_refused_by_name(tmp_path, kept):
    path = tmp_path / "short.png"
    path.write_bytes(ATLAS.read_bytes()[:kept])
    with pytest.raises(ValueError, match=r"short\.png is not an atlas"):
        emoji.read_atlas(path)


def test_without_the_font_one_is_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(emoji, "FONT_FOLDERS", (str(tmp_path),))
    with pytest.raises(FileNotFoundError, match="apt install fonts-noto-color-emoji"):
        emoji.find_font()
    (tmp_path / emoji.FONT_NAME).write_bytes(b"")
    assert emoji.find_font() == tmp_path / emoji.FONT_NAME


def test_a_file_that_is_no_colour_font_is_refused_by_name(tmp_path):
    path = tmp_path / "empty.ttf"
    path.write_bytes(b"")
    with pytest.raises(ValueError, match=r"empty\.ttf can't be opened"):
        emoji.draw_emoji("\N{SHARK}", font=path)


def test_every_emoji_that_the_font_draws_is_there_and_none_that_is_a_part_of_one(font):
    characters = emoji.single_codepoints(font)
    assert len(characters) == len(set(characters)) and len(characters) > 1300
    assert {"\N{GRINNING FACE}", "\N{SHARK}", "\N{COPYRIGHT SIGN}", "\N{INFORMATION SOURCE}"} <= set(
        characters
    )
    parts = "0#*\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}"
    parts += "\N{EMOJI MODIFIER FITZPATRICK TYPE-3}\N{REGIONAL INDICATOR SYMBOL LETTER F}"
    assert not set(parts) & set(characters)


@pytest.mark.parametrize("ground", [0, 128, 255])
def test_an_emoji_over_any_ground_looks_as_the_font_draws_it_there(font, ground):
    """Scaled over a ground or laid over it after scaling: the same, where alpha is handled right."""
    character = "\N{SPEAK-NO-EVIL MONKEY}"
    drawn = emoji._composite(emoji._load_font(font), character, ground)[:, 4:132]
    image = Image.fromarray(np.round(drawn * 255).astype(np.uint8))
    expected = np.asarray(image.resize((60, 60), Image.Resampling.HAMMING)).transpose(2, 0, 1) / 255
    shown = over(emoji.draw_emoji(character, 64, font), ground / 255)[:, 2:-2, 2:-2]
    assert np.abs(shown - expected).max() < 0.02


@pytest.mark.parametrize("pixels", [32, 96, 256])
def test_an_emoji_comes_in_the_size_one_asks_for(font, pixels):
    picture = emoji.draw_emoji("\N{SHARK}", pixels, font)
    assert picture.shape == (4, pixels, pixels) and picture.dtype == np.float32
    assert picture.min() == 0 and picture.max() <= 1 and 0.2 < picture[3].mean() < 0.6


def test_a_character_that_the_font_lacks_is_refused(font):
    with pytest.raises(ValueError, match="draws nothing"):
        emoji.draw_emoji("A", font=font)


def test_what_is_written_is_read_back(font, tmp_path):
    path = tmp_path / "few.png"
    characters = emoji.choose(emoji.single_codepoints(font), 17, 2)
    emoji.write_atlas(path, characters, font)
    read, names, pictures = emoji.read_atlas(path)
    assert read == characters and names == [emoji.name_of(character) for character in characters]
    expected = np.stack([emoji.draw_emoji(character, font=font) for character in characters])
    assert np.abs(pictures - expected).max() < 0.5 / 255 + 1e-6
    assert [file.name for file in tmp_path.iterdir()] == ["few.png"]


def test_an_emoji_is_found_by_what_it_shows():
    """A thousand figures in one list of pictures are none."""
    families = [
        "animals",
        "food",
        "travel",
        "faces",
        "plants",
        "weather",
        "activities",
        "clothing",
        "symbols",
    ]
    assert [emoji.family_of(character) for character in "🦈🍕🚀😀🌵⛈🎸🧦♌"] == families
    everything = [set(emoji._parse_ranges(text)) for text in emoji.FAMILIES.values()]
    assert len(set.union(*everything)) == sum(map(len, everything)), "none is in two"


def test_an_emoji_has_a_name_whatever_this_python_knows():
    assert emoji.name_of("\U0001faf8") == "rightwards pushing hand"
