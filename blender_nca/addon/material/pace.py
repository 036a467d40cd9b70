# SPDX-License-Identifier: GPL-3.0-or-later
"""Pace: when and how fast a growth grows, among its properties. `clock.py` reads the frame of the growth from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty

from ...automaton.growth_limits import LEAST_SETTLING, MOST_SETTLING, MOST_STEPS_PER_FRAME, USUAL_SETTLING
from ..host.text import CONTEXT
from .updates import tell_changed

if TYPE_CHECKING:
    from ...automaton.growth import Loop


class Pace:
    """The part of `NCA_PG_growth` that is about time."""

    clock: EnumProperty(
        name="Grows by",
        translation_context=CONTEXT,
        description="What lets the growth go on",
        items=(
            ("TIMELINE", "Timeline", "It grows with the frames of the scene, from its start frame on"),
            (
                "AGE",
                "Age",
                "It is as old as the slider says: set keyframes on it to let it grow, hold it or go back",
            ),
        ),
        options=set(),
        update=tell_changed,
    )
    age: FloatProperty(
        name="Age",
        translation_context=CONTEXT,
        description="How far it has grown: 0 shows the seeds, 1 the full growth. Beyond 1 each whole number is once "
        "round the loop, where it loops. Takes keyframes",
        default=1.0,
        min=0.0,
        max=10_000.0,
        soft_max=1.0,
        subtype="FACTOR",
        update=tell_changed,
    )
    age_loops: BoolProperty(
        name="Loop Beyond 1",
        description="Ages beyond 1 go round a loop without a seam: 2 shows what 1 does, and so does 3. Otherwise it "
        "stays full",
        default=False,
        options=set(),
        update=tell_changed,
    )
    course: EnumProperty(
        name="Course",
        description="What it does from its start on",
        items=(
            ("ON", "Grow On", "It grows as long as the scene goes on"),
            ("HOLD", "Grow and Hold", "It grows until it is full, and stays so"),
            ("BACK", "Shrink", "It begins full and goes back to its seeds"),
            ("SWING", "Swing", "It grows until it is full, goes back to its seeds, and so on"),
            (
                "LOOP",
                "Grow and Loop",
                "It grows until it is full; from then on the same frames come again and again, without a seam",
            ),
        ),
        options=set(),
        update=tell_changed,
    )
    full_frames: IntProperty(
        name="Full Growth",
        description="After how many frames of growing, each of so many steps, the growth is full",
        default=120,
        min=1,
        max=1_048_574,
        soft_max=1000,
        options=set(),
        update=tell_changed,
    )
    loop_frames: IntProperty(
        name="Loop",
        description="How many frames the loop has, from the full growth on: then it begins anew",
        default=48,
        min=1,
        max=1_048_574,
        soft_max=500,
        options=set(),
        update=tell_changed,
    )
    loop_fade: IntProperty(
        name="Fade",
        description="Over how many of its last frames the loop fades into its beginning: half of the loop hides the "
        "seam of a lively pattern, 1 jumps back. At most all of the loop, and all that grew before it",
        default=24,
        min=1,
        max=1_048_574,
        soft_max=250,
        options=set(),
        update=tell_changed,
    )
    start_frame: IntProperty(
        name="Start Frame",
        description="The frame of the scene in which the seeds lie there; the growth begins with the next one",
        default=1,
        min=-1_048_574,
        max=1_048_574,
        options=set(),
        update=tell_changed,
    )
    steps_per_frame: FloatProperty(
        name="Speed",
        description="How fast it grows, in steps per frame. Below 1 it pauses between frames, 0 holds it still. "
        "Keyframes change it",
        default=2.0,
        min=0.0,
        max=MOST_STEPS_PER_FRAME,
        soft_max=16.0,
        step=50,
        precision=2,
        update=tell_changed,
    )

    settles: BoolProperty(
        name="Settle",
        description="Cells come to rest once their pattern is laid, so that it stays as it is, and costs little. "
        "Wounds heal all the same, and a blend that changes goes on. Without it the pattern keeps moving. A loop does "
        "not settle",
        default=False,  # as growths of before were; a new one is begun with it
        options=set(),
        update=tell_changed,
    )
    settle_after: IntProperty(
        name="After",
        description="Steps of a cell's life from which on it moves ever less; after as many more it rests",
        default=USUAL_SETTLING,
        min=LEAST_SETTLING,
        max=MOST_SETTLING,
        soft_min=50,
        soft_max=1000,
        options=set(),
        update=tell_changed,
    )

    @property
    def settling(self) -> int | None:
        """Steps after which the growth's cells begin to settle; None where they do not."""
        return self.settle_after if self.settles and self.loop is None else None

    @property
    def loop(self) -> Loop | None:
        """Which frames of the growth come again and again; None where it does not loop."""
        from ...automaton.growth import Loop

        if not (self.course == "LOOP" if self.clock == "TIMELINE" else self.age_loops):
            return None
        return Loop(
            self.full_frames, self.loop_frames, min(self.loop_fade, self.loop_frames, self.full_frames + 1)
        )
