# SPDX-License-Identifier: GPL-3.0-or-later
"""Train a manifold from a configuration, stop whenever you like, go on later.

    python3 scripts/train.py models/materials/training.toml --minutes 60
    python3 scripts/train.py models/materials/training.toml --resume
    python3 scripts/train.py models/materials/training.toml --publish
    torchrun --nproc-per-node 4 scripts/train.py models/materials/training.toml --device cuda

Checkpoints go to out/<name>/, and --publish turns the last one into a model beside its configuration.
SIGTERM and Ctrl-C end the run after its iteration, with a checkpoint. Several processes learn from the mean of
their gradients, each with a pool of its own.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import virtual_environment
from virtual_environment import REPOSITORY


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("config", type=Path)
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--begin-with", type=Path, help="folder of a model whose weights to begin with")
    parser.add_argument("--minutes", type=float, help="stop after so many minutes")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, mps, xpu")
    parser.add_argument("--threads", type=int, help="CPU threads")
    parser.add_argument(
        "--compile",
        action="store_true",
        help="compile the painting: for graphics processors (CPUs are slower so)",
    )
    parser.add_argument("--out", type=Path, help="folder of the checkpoints (out/<name>)")
    parser.add_argument(
        "--publish", action="store_true", help="write the last checkpoint as a model, train no more"
    )
    options = parser.parse_args(arguments)
    virtual_environment.enter()

    import torch

    from blender_nca.kernels.threads import THREADS
    from blender_nca.manifold.manifold import Manifold
    from blender_nca.manifold.model_file import ManifoldError
    from blender_nca.training.config import ConfigError, TrainingConfig
    from blender_nca.training.process_group import ProcessGroup
    from blender_nca.training.publication import publish
    from blender_nca.training.trainer import Trainer

    if options.threads:
        torch.set_num_threads(options.threads)
        os.environ[THREADS] = str(options.threads)
    try:
        config = TrainingConfig.read(options.config)
        out = options.out or REPOSITORY / "out" / config.name
        out.mkdir(parents=True, exist_ok=True)
        processes = ProcessGroup.join(options.device)
        checkpoint = out / "checkpoint.pt"
        with processes.first_before_others():  # it draws the exemplars for all
            trainer = Trainer(config, processes.device(options.device), out / "exemplars.npz", processes)
        if options.resume or options.publish:
            if not checkpoint.exists():
                raise ConfigError(f"There is no {checkpoint} to resume: start without --resume.")
            trainer.resume(checkpoint)
        elif checkpoint.exists():
            raise ConfigError(f"{checkpoint} is there already: go on with --resume, or choose another --out.")
        elif options.begin_with:
            trainer.begin_with(Manifold.open(options.begin_with).weights)
    except (ConfigError, ManifoldError) as error:
        parser.exit(2, f"train: {error}\n")
    if options.compile:
        trainer.compile()

    if options.publish:
        publish(trainer, options.config.parent)
        print(
            f"{options.config.parent}: {len(trainer.subject.names)} species after {trainer.iteration} iterations"
        )
        return 0

    stopped = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.append(True))
    if not processes.rank:
        print(f"{out}: iteration {trainer.iteration} of {config.iterations}", flush=True)
    began = saved = said = time.monotonic()
    last = trainer.iteration

    def progress() -> str:
        nonlocal last
        rate = (trainer.iteration - last) * trainer.cell_steps / (time.monotonic() - said)
        last = trainer.iteration
        return f"{last}/{config.iterations}  {rate / 1e6:.2f} M cell-steps/s  {_distances(trainer)}"

    def unfinished():
        late = options.minutes and time.monotonic() - began > options.minutes * 60
        return not processes.any(bool(stopped or late))

    def report(line: Callable[[], str]) -> None:
        nonlocal saved, said
        now = time.monotonic()
        if now - said > 20 and not processes.rank:
            print(line(), flush=True)
            said = now
        if now - saved > 60:
            trainer.save(checkpoint)
            saved = now

    while unfinished() and trainer.warm_up_iteration < config.warm_up:
        trainer.warm_up()
        report(lambda: f"warm-up {trainer.warm_up_iteration}/{config.warm_up}{_redrawing(trainer)}")
    while unfinished() and trainer.iteration < config.iterations:
        trainer.train()
        report(progress)
    trainer.save(checkpoint)
    if not processes.rank:
        print(
            f"{trainer.iteration} iterations of {config.iterations} in {trainer.seconds / 60:.1f} minutes: {checkpoint}"
        )
    processes.leave()
    return 0


def _redrawing(trainer) -> str:
    error = trainer.redrawing_error
    return f"  squared error of what is redrawn {error:.4f}" if error == error else ""


def _distances(trainer) -> str:
    """The median distance of the species, and those farthest from what they should be."""
    names = trainer.subject.names
    known = [
        (distance, name)
        for distance, name in zip(trainer.recent[: len(names)].tolist(), names, strict=True)
        if distance == distance  # not nan: not judged yet
    ]
    if not known:
        return "nothing has grown yet"
    worst = ", ".join(f"{name} {distance:.4f}" for distance, name in sorted(known, reverse=True)[:4])
    return f"median {median(distance for distance, _ in known):.4f}, worst {worst}"


if __name__ == "__main__":
    sys.exit(main())
