# SPDX-License-Identifier: GPL-3.0-or-later
"""Growing: a growth is grown once, and leaves states, from which chunks of its bake begin on any machine."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from .command import ENGINE_FAILED, NOT_WRITTEN, PATIENCE, STOPPED, CommandError, stopped_by_signals
from .command_line import Options
from .plan import BakePlan

if TYPE_CHECKING:
    from ..engine.client import Engine


def grow_states(plan: BakePlan, engine: Engine, options: Options, step: int) -> dict[str, object]:
    """Grow the frames of a bake, and leave a state every some frames.

    Parameters
    ----------
    plan : BakePlan
    engine : Engine
    options : Options
        With `states`.
    step : int
        Frames.

    Returns
    -------
    dict
        What is told of it.

    Raises
    ------
    CommandError
    """
    from ..engine.client import EngineError

    assert options.states_folder is not None
    frames = list(plan.frames[step - 1 :: step])
    try:
        with stopped_by_signals() as stopped:
            for frame in frames:
                job = engine.keep_state(plan.growth, plan.grown[frame], options.states_folder)
                while not stopped:
                    with contextlib.suppress(TimeoutError):
                        job.result(PATIENCE)
                        break
                if stopped:
                    job.cancel()
                    raise CommandError(f"Stopped before frame {frame} of {plan.name}.", STOPPED)
                print(f"{plan.name}: grown to frame {frame} of {plan.last}", file=sys.stderr, flush=True)
    except EngineError as error:
        raise CommandError(str(error), NOT_WRITTEN if error.kind == "files" else ENGINE_FAILED) from error
    return {"material": plan.name, "states": str(options.states_folder), "frames": frames}
