# SPDX-License-Identifier: GPL-3.0-or-later
"""Job bundle: a folder that farms take as a job: an Open Job Description template, a growth file, and what a bundle of
Deadline Cloud has beside them.

The template is of specification jobtemplate-2023-09 with the extension TASK_CHUNKING: a task is a run of frames, and a
start of the program.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..maps.whole_file import write_whole
from .growth_file import GrowthFile, write_growth
from .naming import stem_for
from .plan import BakePlan

TEMPLATE, VALUES, ASSETS = "template.json", "parameter_values.json", "asset_references.json"
GROWTH, OUTPUT, STATES = "growth.json", "textures", "states"
GRACE = 60
"""Seconds in which a task that is to stop finishes the frame that it writes."""


def write_bundle(
    folder: Path,
    file: GrowthFile,
    plan: BakePlan,
    told: Sequence[str],
    species: Sequence[str],
    chunk: int,
    package: Path,
) -> list[Path]:
    """Write the files of a bundle.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    file : GrowthFile
    plan : BakePlan
        What is baked of it.
    told : sequence of str
        Arguments of each task beside its own.
    species : sequence of str
        Each is baked in place of the growth's own; empty for that.
    chunk : int
        Frames a task.
    package : Path
        The folder that holds the package on the machines of the farm.

    Returns
    -------
    list of Path

    Raises
    ------
    GrowthFileError
        As of `write_growth`.
    OSError
        No space, or no right to write there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_growth(folder / GROWTH, file)
    template = template_of(plan, told, species, chunk, package)
    parameters: list[Mapping[str, object]] = template["parameterDefinitions"]  # type: ignore[assignment]
    values = [
        {"name": each["name"], "value": each["default"]} for each in parameters if each["type"] != "PATH"
    ]
    assets = {
        "inputs": {"filenames": [GROWTH], "directories": []},
        "outputs": {"directories": [OUTPUT, STATES]},
        "referencedPaths": [],
    }
    contents = {
        TEMPLATE: template,
        VALUES: {"parameterValues": values},
        ASSETS: {"assetReferences": assets},
    }
    for name, content in contents.items():
        write_whole(folder / name, (json.dumps(content, indent=2) + "\n").encode())
    return [folder / name for name in (GROWTH, *contents)]


def template_of(
    plan: BakePlan, told: Sequence[str], species: Sequence[str], chunk: int, package: Path
) -> dict[str, object]:
    """The job as an Open Job Description. Parameters as of `write_bundle`."""
    in_chunks = plan.settings.layout == "SEQUENCE"
    arguments = [
        "-m",
        "blender_nca.bake",
        "--growth",
        "{{Param.GrowthFile}}",
        "--out",
        "{{Param.OutputFolder}}",
        "--open-job",
        *told,
    ]
    spaces: list[dict[str, object]] = []
    of_task = []
    if species:
        spaces.append({"name": "Species", "type": "STRING", "range": list(species)})
        of_task.append("--species={{Task.Param.Species}}")
    if in_chunks:
        spaces.append(
            {
                "name": "Frame",
                "type": "CHUNK[INT]",
                "range": "{{Param.Frames}}",
                "chunks": {"defaultTaskCount": "{{Param.ChunkSize}}", "rangeConstraint": "CONTIGUOUS"},
            }
        )
        of_task += ["--chunk={{Task.Param.Frame}}", "--states={{Param.StatesFolder}}"]
    bake: dict[str, object] = {"name": "Bake", "script": _script([*arguments, *of_task])}
    if spaces:
        bake["parameterSpace"] = {"taskParameterDefinitions": spaces}
    steps = [bake]
    if in_chunks:
        # once, so that each chunk begins near its first frame
        told_alone = [word for word in of_task if not word.startswith("--chunk")]
        grow: dict[str, object] = {"name": "Grow"}
        if species:
            grow["parameterSpace"] = {"taskParameterDefinitions": spaces[:1]}
        grow["script"] = _script([*arguments, *told_alone, "--grow={{Param.ChunkSize}}"])
        bake["dependencies"] = [{"dependsOn": "Grow"}]
        steps.insert(0, grow)
    if species:
        steps.append(
            {
                "name": "ContactSheet",
                "dependencies": [{"dependsOn": "Bake"}],
                "script": _script([*arguments, f"--species={', '.join(species)}"]),
            }
        )
    parameters: list[dict[str, object]] = [
        _path("GrowthFile", "FILE", "IN", GROWTH, "What Export Growth wrote."),
        _path("OutputFolder", "DIRECTORY", "OUT", OUTPUT, "Where the textures go."),
        _text("Python", "python3", "A Python with numpy."),
        _text("Package", str(package), "The folder that the package blender_nca lies in."),
    ]
    if in_chunks:
        parameters += [
            _path(
                "StatesFolder",
                "DIRECTORY",
                "OUT",
                STATES,
                "Where chunks leave the states that others begin with.",
            ),
            _text("Frames", f"{plan.first}-{plan.last}", "Of the scene; not more than the growth file has."),
            {
                "name": "ChunkSize",
                "type": "INT",
                "default": chunk,
                "minValue": 1,
                "description": "Frames a task: each task grows from the nearest state before its first frame.",
            },
        ]
    return {
        "specificationVersion": "jobtemplate-2023-09",
        **({"extensions": ["TASK_CHUNKING"]} if in_chunks else {}),
        "name": f"Bake {stem_for(plan.name)}"[:64],
        "parameterDefinitions": parameters,
        "jobEnvironments": [{"name": "NeuralGrowth", "variables": {"PYTHONPATH": "{{Param.Package}}"}}],
        "steps": steps,
    }


def _script(arguments: Sequence[str]) -> dict[str, object]:
    stop = {"mode": "NOTIFY_THEN_TERMINATE", "notifyPeriodInSeconds": GRACE}
    run = {"command": "{{Param.Python}}", "args": list(arguments), "cancelation": stop}
    return {"actions": {"onRun": run}}


def _path(name: str, kind: str, flow: str, default: str, description: str) -> dict[str, object]:
    return {
        "name": name,
        "type": "PATH",
        "objectType": kind,
        "dataFlow": flow,
        "default": default,
        "description": description,
    }


def _text(name: str, default: str, description: str) -> dict[str, object]:
    return {"name": name, "type": "STRING", "default": default, "description": description}
