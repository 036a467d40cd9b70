# SPDX-License-Identifier: GPL-3.0-or-later
"""The self-test must find what grows wrong and survive what crashes; *auto* must take the fastest that is right."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blender_nca.engine import device_trial, devices
from blender_nca.engine.device_trial import REFERENCE, try_device, write_reference
from blender_nca.engine.tried_devices import TriedDevice, fastest, read_tried
from blender_nca.genetics.version import version_of
from blender_nca.manifold.manifold import Manifold
from blender_nca.manifold.model_file import WEIGHTS, read_card
from blender_nca.maps.array_file import read_arrays
from tests.engine.tiny import NAME, REPOSITORY, needs_torch

MODELS = sorted(path.parent for path in (REPOSITORY / "models").glob(f"*/{WEIGHTS}"))
FAST, SLOW = {"64": 4000.0, "512": 900.0}, {"64": 6000.0, "512": 60.0}


@pytest.fixture
def quickly(monkeypatch):
    """Nothing is timed for long."""
    monkeypatch.setattr(device_trial, "SECONDS", 0.0)
    monkeypatch.setattr(device_trial, "MANY_CELLS", 32)


def version(folder: Path) -> str:
    return version_of(folder / WEIGHTS, read_card(folder)[0])


@pytest.mark.parametrize("folder", MODELS, ids=lambda folder: folder.name)
def test_every_bundled_model_has_a_reference_of_its_training_that_numpy_grows(folder, quickly):
    said = json.loads(read_arrays(folder / REFERENCE)["said"].tobytes())
    assert said["version"] == version(folder), "python3 scripts/reference.py writes it"
    tried = try_device(folder, said["version"], "numpy", "numpy")
    assert tried.right and tried.apart < 1e-4 and tried.speeds["64"] > 0


def test_a_device_that_grows_something_else_is_found_and_a_damaged_reference_is_not_believed(
    models, quickly, monkeypatch
):
    folder = models / NAME
    write_reference(folder, version(folder), ("ACGTACGT", "GGATGGAT"))
    assert try_device(folder, version(folder), "kernels", "k").right
    opened = device_trial.open_automaton

    def wrong(manifold: Manifold, backend: str):
        weights = {name: value + 0.02 for name, value in manifold.weights.items()}
        return opened(replace(manifold, weights=weights) if backend == "wrong" else manifold, "numpy")

    monkeypatch.setattr(device_trial, "open_automaton", wrong)
    found = try_device(folder, version(folder), "wrong", "w")
    assert not found.right and found.apart > 1e-3 and not found.speeds
    (folder / REFERENCE).write_bytes(b"PK damaged")
    assert try_device(folder, version(folder), "numpy", "n").right, "numpy grows one then"
    assert not try_device(folder, version(folder), "wrong", "w").right
    assert not try_device(folder, "another training", "wrong", "w").right


def test_the_fastest_that_is_right_is_taken_and_no_nonsense_is_read():
    tried = [
        TriedDevice("cuda", "a card", 1e-6, True, FAST),
        TriedDevice("kernels", "the processor", 1e-6, True, SLOW),
        TriedDevice("cuda:1", "a wrong one", 0.3, False, {"64": 9e9}),
        TriedDevice("xpu", "a dead one", problem="It ended the engine."),
    ]
    assert fastest(tried) == tried[0] and fastest(tried[1:]) == tried[1] and fastest(tried[2:]) is None
    travelled = read_tried(json.loads(json.dumps([one.to_json() for one in tried])))
    assert travelled == tuple(tried)
    for strange in (None, {}, [1], [{"backend": 1}], [{"speeds": {"x": 1}}], [{"apart": "far"}], "[]"):
        assert read_tried(strange) in ((), read_tried([{}]))


@needs_torch
def test_automatic_takes_what_was_measured_so_long_as_the_cards_are_those(monkeypatch):
    torch = pytest.importorskip("torch")
    cards = {"cuda": ["cuda"]}
    monkeypatch.setattr(devices, "_cards", lambda _, kind: cards.get(kind, []))
    monkeypatch.setattr(devices, "_name", lambda _, kind, device: f"card {device}")
    monkeypatch.setattr(devices, "_try_numpy", lambda _: None)
    card = TriedDevice("cuda", "card cuda", 1e-6, True, FAST)
    processor = TriedDevice("kernels", devices.KERNELS, 1e-6, True, SLOW)
    by_torch = TriedDevice("torch", devices.TORCH, 1e-6, True, {"64": 9e3, "512": 90.0})

    def chosen(*tried: TriedDevice) -> str:
        return devices._fastest(torch, tried)

    assert chosen(card, processor) == "cuda"
    assert chosen(replace(card, speeds={"64": 100.0, "512": 9.0}), processor) == "cpu", "a slow card is left"
    assert chosen(replace(card, right=False), processor) == "cpu"
    assert chosen(replace(card, right=False), replace(processor, right=False), by_torch) == "torch"
    assert chosen(replace(card, name="the card of before"), processor) == "auto"
    assert devices.choose_device("auto", "", [replace(card, right=False), by_torch]).backend == "torch"
    assert devices.without_torch([replace(processor, right=False)]).backend == "numpy"


def test_a_driver_that_ends_the_engine_costs_its_own_row_alone(preview, monkeypatch):
    """A worker that dies of one device is started again for the next one."""
    tried = []
    real = preview._supervisor.submit

    def submit(job):
        if job.task.get("backend") == "deadly":
            job.task = {"do": "try_device", "backend": "numpy", "name": "n", "kill": True}
        elif job.task["do"] == "self_test":
            job.read = lambda value, _: {**value, "devices": [["deadly", "A Card"], ["numpy", "CPU, numpy"]]}
        done = real(job)
        if job.task.get("kill"):
            from tests.engine.tiny import kill, wait_until

            entries = preview._supervisor._unanswered.entries
            wait_until(lambda: any(one.started and one.job is job for one in entries.values()))
            kill(preview.worker_pid)
        return done

    monkeypatch.setattr(preview._supervisor, "submit", submit)
    report = preview.self_test(60, tried.append)
    assert read_tried(report["tried"]) == tuple(tried) and [one.right for one in tried] == [False, True]
    assert "ended the engine" in tried[0].problem and np.isinf(tried[0].apart)
    assert report["speeds"]["numpy"] == report["steps_per_second"] > 0
