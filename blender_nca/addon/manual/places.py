# SPDX-License-Identifier: GPL-3.0-or-later
"""Places: which part of the manual tells of which operators and properties."""

from __future__ import annotations

from collections.abc import Sequence


def _of(operators: str = "", growth: str = "", *others: str) -> Sequence[str]:
    """Patterns as Blender compares them with names in small letters: of operators, of a growth's properties, others."""
    return (
        *(f"bpy.ops.nca.{name}" for name in operators.split()),
        *(f"bpy.types.nca_pg_growth.{name}" for name in growth.split()),
        *(f"bpy.types.{name}" for name in others),
    )


PLACES = {
    "start-the-first-growth-in-60-seconds": _of("new"),
    "start-the-first-screen": _of("remove grow", "growing"),
    "start-presets": _of("apply_preset keep_preset remove_preset", "", "windowmanager.nca_preset_name"),
    "start-keep-in-mind": _of("make_local watch_escape"),
    "species-models": _of("take_model keep_model reload_library", "model"),
    "species-choose-a-species": _of(
        "choose_species mark_species save_species change_species delete_species import_species export_species "
        "copy_species paste_species swap",
        "a b",
        "nca_pg_parent.picture",
        "nca_pg_parent.species",
        "nca_pg_parent.manifold",
        "nca_pg_browsing.*",
    ),
    "species-asset-library": _of("grow_asset make_asset_library"),
    "blend-blend": _of("", "blend"),
    "blend-dna": _of("copy_dna restore_dna", "packs_units", "nca_pg_parent.*", "nca_pg_unit.*"),
    "seeds-plant-seeds": _of("plant_seed take_seed time_seed forget_lost_seeds"),
    "seeds-seeds-from-the-scene": _of(
        "read_seeds free_seeds stagger_seeds",
        "seed_source seed_collection seed_object seed_curve seed_mark seed_attribute seed_group seed_density "
        "seed_start seed_delay seeds_*",
    ),
    "seeds-where-it-begins": _of(
        "add_point remove_point randomise_seed",
        "seeds seed_count points active_point mask random_seed",
        "nca_pg_point.*",
    ),
    "surface-comb": _of("comb", "", "nca_pg_comb.*"),
    "surface-directions": _of("", "direction* shows_directions"),
    "surface-grows-over-a-mesh": _of("update_surface growth_uv", "over growth_uv surface*"),
    "habitat-by-one-click": _of("habitat"),
    "habitat-paint": _of("paint_condition"),
    "habitat-what-moves": _of(
        "update_habitat seed_habitat",
        "",
        "nca_pg_condition.over_frames",
        "nca_pg_condition.first_frame",
    ),
    "habitat-conditions": _of("*_condition", "condition*", "nca_pg_condition.*"),
    "wounds-what-moves-in-the-scene": _of(
        "add_wound_source add_wound_object remove_wound_source record_wounds",
        "wound_source*",
        "nca_pg_wound_source.*",
    ),
    "wounds-by-hand": _of(
        "wound wound_here remove_wound remove_wounds",
        "wounds wound_index wounds_heal",
        "nca_pg_wound.*",
        "nca_pg_wound_brush.*",
    ),
    "time-loops": _of("", "loop_frames loop_fade"),
    "time-course": _of("", "course"),
    "time-settle": _of("", "settle*"),
    "time-change-speed": _of("set_speed"),
    "time-strip": _of("show_moment", "strip_count"),
    "time-timeline-or-age": _of("", "clock age age_loops full_frames start_frame steps_per_frame"),
    "looks": _of("reset_looks", "looks bakes_looks look_*"),
    "translucency": _of("", "translucen*", "nca_pg_translucency.*"),
    "layers-where-fronts-meet": _of("", "meeting"),
    "layers": _of("*_layer", "layers layer_index base_weight", "nca_pg_layer.*"),
    "breed": _of(
        "breed take_offspring take_ancestor combine_species surprise_me",
        "breed_* offspring ancestry active_ancestor",
        "nca_pg_bred.*",
    ),
    "picture-read": _of("read_picture take_reading"),
    "picture-refine": _of("refine_picture stop_refining"),
    "picture-learn": _of(
        "learn_picture *_lesson *_learned", "picture_name picture_author picture_licence picture_minutes"
    ),
    "picture-the-picture": _of("*_picture", "picture*", "nca_pg_reading.*"),
    "grid-grid-and-detail": _of("", "width height pixels_per_cell fine quality wrap"),
    "grid-ground": _of("wire", "ground relief glow displaces"),
    "grid-coordinates": _of("", "uv_map"),
    "geometry-pieces": _of("add_geometry"),
    "geometry-growth-order": _of("", "order* front"),
    "bake-presets": _of("*_bake_preset bake_several", "bake_preset"),
    "bake-textures": _of("*_texture", "bake_texture* bake_names bake_material_kind", "nca_pg_texture.*"),
    "bake-layouts": _of(
        "", "bake_layout bake_frame bake_columns bake_rows bake_size bake_padding flipbook_*"
    ),
    "bake-when-files-are-lost": _of("find_bake"),
    "bake-what-is-written": _of("", "bake_uv normal_strength"),
    "bake-video": _of("write_video"),
    "bake-farm": _of("ready_for_farm export_growth"),
    "bake-bake-and-free": _of("bake bake_into bake_all stop_bake free_bake", "bake*"),
    "export-gltf": _of("", "", "nca_pg_export.*"),
    "export-usd-and-materialx": _of("export_usd"),
    "install-pytorch": _of("*_torch"),
    "preferences-pytorch": _of("", "", "nca_ap_preferences.package_index"),
    "preferences-limits": _of(
        "clear_cache", "", "nca_ap_preferences.memory_limit", "nca_ap_preferences.cache_*"
    ),
    "preferences-when-something-fails": _of("open_log report_problem", "", "nca_ap_preferences.log_level"),
    "preferences-folders-of-models": _of("*_model_folder", "", "nca_pg_model_folder.*"),
    "preferences-device": _of("self_test restart_engine", "", "nca_ap_preferences.*"),
}
"""Place in the manual -> patterns. The first pattern that fits counts, so what is particular stands first."""
