# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel in the artist's language."""

from __future__ import annotations

from pathlib import Path

import bpy
import pytest

SCRIPTS = Path(__file__).resolve().parents[4] / "scripts"


def test_all_that_blender_shows_of_properties_and_operators_is_translated(neural_growth, monkeypatch):
    """Also what is put together as classes are made, which is not to be seen in their code."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import texts

    package = neural_growth.module("addon").__name__.removesuffix(".blender_nca.addon")
    shown = texts.in_blender(package)
    assert len(shown) > 500
    for language, said in neural_growth.module("addon.languages").dictionaries().items():
        missing = [text for text in shown if ("*", text) not in said]
        assert not missing, f"{language}: {missing}"


def test_an_operators_tooltip_is_one_line_that_is_found(neural_growth):
    """Its docstring has two, of which Blender would show the second as far to the right as it stands in the code."""
    german = neural_growth.module("addon.languages").dictionaries()["de"]
    operators = [getattr(bpy.ops.nca, name).get_rna_type() for name in dir(bpy.ops.nca)]
    assert not [one.identifier for one in operators if "\n" in one.description or "  " in one.description]
    assert "everywhere, also without this add-on. ESC stops it" in bpy.ops.nca.bake.get_rna_type().description
    assert ("*", bpy.ops.nca.bake.get_rna_type().description) in german


def test_long_sentences_fit_a_narrow_panel_in_every_language(neural_growth):
    """Chinese and Japanese have no spaces to break at, and signs twice as wide."""
    text = neural_growth.module("addon.host.text")
    for said in neural_growth.module("addon.languages").dictionaries().values():
        for sentence in {one for one in said.values() if "\n" not in one and len(one) > 40}:
            lines = text.wrap(sentence, 40)
            for line in lines:
                wide = sum(2 if text._is_wide(sign) else 1 for sign in line)
                assert wide <= 40 + 2 or " " not in line, (
                    line
                )  # one sign may hang over: no line begins with it
            assert "".join("".join(lines).split()) == "".join(sentence.split())


@pytest.mark.skipif(
    not bpy.app.build_options.international, reason="as a Python module Blender is built without languages"
)
def test_a_panel_is_german_where_blender_is(neural_growth):
    view, translations = bpy.context.preferences.view, bpy.app.translations
    languages, fill = neural_growth.module("addon.languages"), neural_growth.module("addon.host.text").fill
    label = bpy.types.NCA_PT_order_material.bl_label
    before = view.language
    view.language = "de_DE"
    view.use_translate_interface = True
    languages.speak()  # as Blender has it called when that is set
    try:
        assert translations.pgettext_iface(label) == "Wuchsfolge"
        assert translations.pgettext_iface("Grow", "Operator") == "Wachsen"
        assert fill("{count} seeds", count=3) == "3 Keime"
        # Blender itself has this word as a direction: "Nach"
        assert translations.pgettext_iface("To", "Neural Growth") == "Bis"
        languages.unregister()
        try:
            assert translations.pgettext_iface(label) == label
            assert fill("{count} seeds", count=3) == "3 seeds"
        finally:
            languages.register()
        view.language = "en_US"
        assert translations.pgettext_iface(label) == label
    finally:
        view.language = before
