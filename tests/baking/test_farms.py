# SPDX-License-Identifier: GPL-3.0-or-later
"""What farms are given bakes every frame once, with arguments that the program takes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from blender_nca.baking import job_bundle, program
from blender_nca.baking.command_line import options_of, read_arguments
from blender_nca.baking.job_bundle import write_bundle
from blender_nca.baking.plan import plan_bake
from tests.baking.test_growth_file import FILE

try:
    import openjd.model as openjd
except ImportError:
    openjd = None
JOB_TYPE = Path(job_bundle.__file__).with_name("farms") / "neural_growth_bake.js"
SETTINGS = replace(FILE.settings, wants_loop=False)


def filled(text: str, parameters: dict[str, object], task: dict[str, str]) -> str:
    """A text of a template with the values of its parameters, as Open Job Description puts them in."""
    values = {**{f"Param.{name}": value for name, value in parameters.items()}}
    values |= {f"Task.Param.{name}": value for name, value in task.items()}
    return re.sub(r"\{\{\s*([\w.]+)\s*\}\}", lambda found: str(values[found[1]]), text)


@pytest.mark.parametrize(
    ("layout", "species"), [("SEQUENCE", ()), ("SEQUENCE", ("Ash", "0.5 Ash + 0.5 Birch")), ("STILL", ())]
)
def test_a_job_of_a_farm_gives_the_program_what_it_takes(tmp_path, layout, species):
    plan = plan_bake(FILE, replace(SETTINGS, layout=layout), FILE.presets)
    told = ["--preset=Godot 4", "--size=64"]
    paths = write_bundle(tmp_path / "job", FILE, plan, told, species, 4, tmp_path)
    assert {path.name for path in paths} == {path.name for path in (tmp_path / "job").iterdir()}
    template = json.loads((tmp_path / "job" / "template.json").read_text())
    parameters = {each["name"]: each["default"] for each in template["parameterDefinitions"]}
    in_chunks = layout == "SEQUENCE"
    assert ("TASK_CHUNKING" in template.get("extensions", ())) == in_chunks
    steps = {step["name"]: step for step in template["steps"]}
    assert list(steps) == ["Grow"] * in_chunks + ["Bake"] + ["ContactSheet"] * bool(species)
    bake = steps["Bake"]
    spaces = {
        each["name"]: each for each in bake.get("parameterSpace", {}).get("taskParameterDefinitions", ())
    }
    assert list(spaces) == ["Species"] * bool(species) + ["Frame"] * in_chunks
    if in_chunks:
        assert spaces["Frame"]["chunks"]["rangeConstraint"] == "CONTIGUOUS"
        assert filled(spaces["Frame"]["range"], parameters, {}) == "-2-9"
    if openjd is not None:
        openjd.decode_job_template(template=template, supported_extensions=["TASK_CHUNKING"])
    for name, step in steps.items():
        run = step["script"]["actions"]["onRun"]
        words = [filled(each, parameters, {"Frame": "-2-1", "Species": "Ash"}) for each in run["args"]]
        assert words[:2] == ["-m", "blender_nca.bake"]
        said = read_arguments(program.program_parser(), words[2:])
        options = options_of(said)
        assert (said.growth, options.presets, options.size) == ("growth.json", ("Godot 4",), 64)
        assert options.chunk == ((-2, 1) if in_chunks and name == "Bake" else None)
        assert said.species == (
            "" if not species else "Ash" if name != "ContactSheet" else "Ash, 0.5 Ash + 0.5 Birch"
        )
        assert (said.grow, options.states) == (
            (4 if name == "Grow" else 0),
            "states" * (in_chunks and name != "ContactSheet"),
        )


NODE = shutil.which("node")
AUTHOR = """
const made = [];
const author = {
  Task: (name, kind) => ({ name, kind, commands: [], addCommand(one) { this.commands.push(one); } }),
  Command: (name, parameters) => ({ name, parameters }),
};
const frameChunker = (frames, size) => ["1-4", "5-8", "9", "20,22"];
"""


@pytest.mark.skipif(NODE is None, reason="no node")
def test_a_job_of_flamenco_has_a_task_for_every_run_of_frames():
    settings = {
        "frames": "1-9,20,22",
        "chunk_size": 4,
        "blendfile": "/a.blend",
        "preset": "Godot 4",
        "output": "/o",
    }
    job = f"const job = {{ settings: {json.dumps(settings)}, addTask: (task) => made.push(task) }};"
    script = (
        f"{AUTHOR}{JOB_TYPE.read_text()}{job}compileJob(job); console.log(JSON.stringify([JOB_TYPE, made]));"
    )
    kind, tasks = json.loads(
        subprocess.run([NODE, "-e", script], capture_output=True, text=True, check=True).stdout
    )
    assert [task["name"] for task in tasks] == [f"bake-{chunk}" for chunk in ("1-4", "5-8", "9", "20", "22")]
    (command,) = tasks[0]["commands"]
    assert command == {
        "name": "exec",
        "parameters": {
            "exe": "{blender}",
            "args": ["-b", "/a.blend", "--command", "nca_bake", "--chunk=1-4", "--preset", "Godot 4", "--out", "/o"],
        },
    }  # fmt: skip
    keys = {each["key"] for each in kind["settings"]}
    assert set(settings) <= keys and all(each["description"] for each in kind["settings"])
