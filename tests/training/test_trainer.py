# SPDX-License-Identifier: GPL-3.0-or-later
"""Hours of training must not be lost, and must lead to a model that artists can use."""

from __future__ import annotations

import importlib
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch")

from blender_nca.automaton import torch_step  # noqa: E402
from blender_nca.automaton.growth import Genotype, Growth  # noqa: E402
from blender_nca.automaton.rollout import Rollout  # noqa: E402
from blender_nca.automaton.update_rule import LIFE  # noqa: E402
from blender_nca.genetics.library import read_library  # noqa: E402
from blender_nca.learning import textures  # noqa: E402
from blender_nca.learning.figure import premultiply  # noqa: E402
from blender_nca.learning.sliced_wasserstein import SlicedWasserstein  # noqa: E402
from blender_nca.manifold.backend import open_automaton  # noqa: E402
from blender_nca.manifold.transcription import transcribe  # noqa: E402
from blender_nca.training import publication  # noqa: E402
from blender_nca.training.config import OPTIMISERS, ConfigError, Nursery, Stage, TrainingConfig  # noqa: E402
from blender_nca.training.exemplars import VARIETIES, draw_exemplar  # noqa: E402
from blender_nca.training.exemplars.emoji import is_held_out, read_atlas  # noqa: E402
from blender_nca.training.materials import draw_exemplars  # noqa: E402
from blender_nca.training.publication import paint_portrait, publish  # noqa: E402
from blender_nca.training.trainer import Trainer  # noqa: E402
from blender_nca.training.variations import vary  # noqa: E402
from tests.training.untrained import SIZES  # noqa: E402

ROOT = Path(__file__).parents[2]
TINY = TrainingConfig(
    "tiny",
    ("zebra", "moss"),
    architecture=SIZES,
    sisters=2,
    exemplar_pixels=64,
    cells=18,
    iterations=8,
    batch=2,
    steps=(4, 8),
    pool=4,
    warm_up=3,
)


def run(trainer: Trainer, iterations: int) -> Trainer:
    for _ in range(iterations):
        trainer.train()
    return trainer


FIGURES = replace(
    TINY,
    name="figures",
    families=(),
    atlas=str(Path(__file__).with_name("few_emoji.png")),
    architecture=replace(TINY.architecture, places=2),
    cells=36,
    pixels_per_cell=2,
    blends=0.0,
    batch=8,
    steps=(14, 18),
    precision="bfloat16",
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("exemplars") / "exemplars.npz"


@pytest.fixture(scope="module", autouse=True)
def sorted_once():
    """The same exemplars are sorted for one trainer and lent to the others: it takes longer than their training."""
    made: dict[tuple, object] = {}

    def lend(distance: type):
        def find(exemplars: torch.Tensor, *rest, **named):
            key = distance, exemplars.numpy().tobytes(), rest, *named.items()
            return made.get(key) or made.setdefault(key, distance(exemplars, *rest, **named))

        return find

    with pytest.MonkeyPatch.context() as patch:
        for distance in (textures.SlicedWasserstein, textures.Structure):
            patch.setattr(textures, distance.__name__, lend(distance))
        yield


@pytest.fixture
def portraits(monkeypatch) -> list[np.ndarray]:
    """The first portrait that is painted, which stands for those of the other species: all take long."""
    painted: list[np.ndarray] = []

    def paint_first(*given) -> np.ndarray:
        painted.extend([] if painted else [paint_portrait(*given)])
        return painted[0]

    monkeypatch.setattr(publication, "paint_portrait", paint_first)
    return painted


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_resumed_training_goes_on_exactly(tmp_path, cache, optimiser):
    config = replace(TINY, optimiser=optimiser, iterations=24)
    unbroken = run(Trainer(config, cache=cache), 15)
    run(first := Trainer(config, cache=cache), 8)  # between two looks at the eigenbases
    first.save(tmp_path / "checkpoint.pt")
    second = Trainer(config, cache=cache)
    second.resume(tmp_path / "checkpoint.pt")
    run(second, 7)
    for name, weight in unbroken.weights.items():
        assert torch.equal(weight, second.weights[name]), name
        assert torch.equal(unbroken.averaged[name], second.averaged[name]), name
    assert torch.equal(unbroken.pool.states, second.pool.states)


CRITICISED = replace(TINY, steps=(2, 4), critic=1.5)


def cover(trainer: Trainer) -> Trainer:
    """Let all grids be covered, so that there is something to criticise."""
    trainer.pool.states[:] = torch.rand(trainer.pool.states.shape, generator=torch.Generator().manual_seed(1))
    trainer.pool.states[..., LIFE] = 1
    return trainer


def test_a_resumed_training_has_the_same_critic(tmp_path, cache):
    unbroken = run(cover(Trainer(CRITICISED, cache=cache)), 9)
    assert not unbroken.recent.isnan().all(), "no grid was covered: nothing was criticised"
    run(first := cover(Trainer(CRITICISED, cache=cache)), 4)
    first.save(tmp_path / "checkpoint.pt")
    second = Trainer(CRITICISED, cache=cache)
    second.resume(tmp_path / "checkpoint.pt")
    run(second, 5)
    for name, weight in unbroken.weights.items():
        assert torch.equal(weight, second.weights[name]), name


def test_a_critic_may_join_a_run(tmp_path, cache):
    alone = cover(Trainer(replace(CRITICISED, critic=0.0), cache=cache))
    run(alone, 2).save(tmp_path / "checkpoint.pt")
    joined = Trainer(CRITICISED, cache=cache)
    joined.resume(tmp_path / "checkpoint.pt")
    run(alone, 1), run(joined, 1)
    assert any(not torch.equal(weight, joined.weights[name]) for name, weight in alone.weights.items())


def test_a_species_is_taught_its_exemplar_first_and_its_sisters_too(cache, monkeypatch):
    trainer = Trainer(replace(TINY, batch=8), cache=cache)
    judge, sisters = trainer.subject.judge, []

    def listen(state, maps, fine, first, *others):
        sisters.extend((first % TINY.sisters).tolist())
        return judge(state, maps, fine, first, *others)

    monkeypatch.setattr(trainer.subject, "judge", listen)
    run(trainer, 8)
    assert 0.1 < np.mean(sisters) < 0.4


def test_a_pattern_is_taught_to_come_to_rest(cache):
    """The loss of rest alone, on grids that are covered: what still moved moves less."""

    def change(trainer):
        generator = torch.Generator().manual_seed(0)
        state = torch.rand(2, 18, 18, 8, generator=generator)
        rule, _ = transcribe(trainer.weights, TINY.architecture, torch.full((2, 8, 4), 0.25))
        with torch.no_grad():
            later = torch_step.grow(state, [rule], [None], 0, 0, 4, trainer._cells)
        return float((later - state).square().mean())

    moving, resting = (Trainer(replace(TINY, rest=rest, iterations=400), cache=cache) for rest in (0.0, 1e4))
    for trainer in (moving, resting):
        trainer.pool.states[:] = torch.rand(
            trainer.pool.states.shape, generator=torch.Generator().manual_seed(1)
        )
        trainer.pool.age[:] = 1000  # the old alone are asked to rest
        run(trainer, 25)
    assert change(resting) < 0.5 * change(moving)


@pytest.mark.parametrize(("fresh", "oldest"), [(0.0, 16), (1.0, 8)])
def test_grids_get_as_old_in_training_as_is_asked(cache, fresh, oldest):
    """A pattern is on an artist's screen for thousands of steps: what is never seen old does not last."""
    trainer = run(Trainer(replace(TINY, fresh=fresh, pool=2, iterations=40), cache=cache), 40)
    assert trainer.pool.age.max() >= oldest if fresh == 0 else trainer.pool.age.max() <= oldest


def test_figures_are_learned_and_published(tmp_path, portraits, monkeypatch):
    # processors without bfloat16 products take long over them; other tests train figures in it
    trainer = run(Trainer(replace(FIGURES, iterations=400, precision="float32")), 66)
    nothing = trainer.subject.targets.square().mean((1, 2, 3))
    assert (trainer.recent / nothing).nanmedian() < 0.97, "better than an empty picture"
    manifold = publish(trainer, tmp_path / "models" / "figures")
    assert portraits[0].shape == (72, 72, 4)
    assert manifold.card["kind"] == "figures" and manifold.card["boundary"] == "edge"
    files = read_library([tmp_path / "models"]).of("figures")
    assert len(files) == 64
    monkeypatch.setattr(publication, "MANY", 64)
    publish(trainer, tmp_path / "models" / "figures")
    listed = read_library([tmp_path / "models"])
    assert listed.of("figures") == files and not listed.problems, "the same, pictures too, in one list"
    assert not list(tmp_path.glob("models/figures/species/*.json"))


REDRAWN = replace(FIGURES, warm_up=40, redrawn=24, variations=1, pool=1, steps=(4, 8))


def redraw(trainer: Trainer, iterations: int) -> Trainer:
    for _ in range(iterations):
        trainer.warm_up()
    return trainer


def test_an_encoder_learns_to_say_what_figures_look_like_that_nobody_showed_it():
    characters, _, drawn = read_atlas(Path(FIGURES.atlas))
    unseen = premultiply(torch.from_numpy(drawn[[is_held_out(c) for c in characters]]))
    trainer = Trainer(REDRAWN)

    def error() -> float:
        with torch.no_grad():
            drawings = trainer.autoencoder.draw(trainer.autoencoder.read(unseen))
        return float((drawings - torch.nn.functional.avg_pool2d(unseen, 2)).square().mean())

    before = error()  # that of the mean of all figures
    redraw(trainer, 40)
    assert error() < 0.9 * before


def test_growth_leaves_what_the_encoder_has_learned_as_it_is():
    trainer = redraw(Trainer(replace(REDRAWN, warm_up=4)), 4)
    encoder = {name: w.clone() for name, w in trainer.weights.items() if name.startswith("encode")}
    run(trainer, 2)
    for name, weight in encoder.items():
        assert torch.equal(weight, trainer.weights[name]) and torch.equal(weight, trainer.averaged[name]), (
            name
        )


def test_a_run_that_redraws_resumes_exactly(tmp_path):
    config = replace(REDRAWN, warm_up=4)
    unbroken = run(redraw(Trainer(config), 4), 2)
    for drawn, grown in ((2, 0), (4, 1)):
        run(redraw(Trainer(config), drawn), grown).save(tmp_path / "checkpoint.pt")
        second = Trainer(config)
        second.resume(tmp_path / "checkpoint.pt")
        run(redraw(second, 4 - drawn), 2 - grown)
        for name, weight in unbroken.weights.items():
            assert torch.equal(weight, second.weights[name]), (drawn, name)


def test_variations_grow_but_are_no_species():
    trainer = run(redraw(Trainer(replace(REDRAWN, warm_up=1)), 1), 1)
    assert trainer.pool.species == len(trainer.recent) == 128
    assert len(trainer.subject.names) == len(trainer.subject.thumbnails) == 64


def test_a_variation_is_a_picture_of_what_may_be_painted():
    _, _, drawn = read_atlas(Path(FIGURES.atlas))
    pictures = premultiply(torch.from_numpy(drawn))
    varied = vary(pictures, np.random.default_rng(0))
    colour, alpha = varied[:, :3], varied[:, 3:]
    assert (colour >= 0).all() and (alpha >= 0).all() and (alpha <= 1).all() and (colour <= alpha).all()
    assert ((varied - pictures).square().mean((1, 2, 3)) > 1e-3).float().mean() > 0.7
    assert torch.equal(varied, vary(pictures, np.random.default_rng(0)))


def test_figures_may_begin_with_fewer_pixels():
    trainer = Trainer(replace(FIGURES, nursery=Nursery(1, pixels_per_cell=1)))
    sides, judge = [], trainer.subject.judge

    def look(state, maps, *others):
        sides.append(maps.shape[2])
        return judge(state, maps, *others)

    trainer.subject.judge = look
    run(trainer, 2)
    assert sides == [36, 72] and trainer.pool.age.max() > 14, "the same grids go on growing"


def test_held_out_figures_are_never_trained_on():
    characters, _, _ = read_atlas(Path(FIGURES.atlas))
    trained = {tags[-1] for tags in Trainer(FIGURES).subject.tags}
    held_out = {f"U+{ord(c):04X}" for c in characters if is_held_out(c)}
    assert held_out and not trained & held_out and len(trained | held_out) == len(characters)


@pytest.mark.parametrize(("key", "value"), [("blends", 0.5), ("optimiser", "soap")])
def test_a_checkpoint_of_another_training_is_refused(tmp_path, cache, key, value):
    Trainer(TINY, cache=cache).save(tmp_path / "checkpoint.pt")
    with pytest.raises(ConfigError, match=key):
        Trainer(replace(TINY, **{key: value}), cache=cache).resume(tmp_path / "checkpoint.pt")


def test_a_broken_checkpoint_is_refused_by_name(tmp_path, cache):
    Trainer(TINY, cache=cache).save(tmp_path / "checkpoint.pt")
    whole = (tmp_path / "checkpoint.pt").read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"not a checkpoint"):
        (tmp_path / "checkpoint.pt").write_bytes(damaged)
        with pytest.raises(ConfigError, match=r"checkpoint\.pt"):
            Trainer(TINY, cache=cache).resume(tmp_path / "checkpoint.pt")


def test_a_run_leaves_its_nursery_and_resumes_exactly_on_either_side(tmp_path, cache):
    young = replace(TINY, nursery=Nursery(3, 14, (2, 4)))
    unbroken = run(Trainer(young, cache=cache), 5)
    assert unbroken.pool.states.shape[1] == TINY.cells
    for stopped in (2, 3, 4):
        run(first := Trainer(young, cache=cache), stopped)
        first.save(tmp_path / "checkpoint.pt")
        second = Trainer(young, cache=cache)
        second.resume(tmp_path / "checkpoint.pt")
        run(second, 5 - stopped)
        for name, weight in unbroken.weights.items():
            assert torch.equal(weight, second.weights[name]), (stopped, name)


def test_a_nursery_differs_from_the_run_only_in_what_it_says(tmp_path):
    path = tmp_path / "training.toml"
    path.write_text(
        'name = "x"\nfamilies = ["moss"]\nfresh = 0.1\nrest = 0.2\n[nursery]\niterations = 5\nfresh = 0.25\nrest = 0\n'
    )
    config = TrainingConfig.read(path)
    assert config.stage(5) == Stage(config.cells, config.steps, 0.1, 0.2, config.pixels_per_cell)
    assert config.stage(4) == Stage(config.cells, config.steps, 0.25, 0, config.pixels_per_cell)


def test_exemplars_of_another_configuration_are_drawn_anew(tmp_path):
    zebra, moss = (replace(TINY, families=(family,), sisters=1) for family in TINY.families)
    first = draw_exemplars(zebra, tmp_path / "exemplars.npz")
    assert not np.array_equal(first, draw_exemplars(moss, tmp_path / "exemplars.npz"))
    np.testing.assert_array_equal(first, draw_exemplars(zebra, tmp_path / "exemplars.npz"))


def test_training_brings_grown_colours_nearer_to_the_exemplars(cache):
    trainer = Trainer(replace(TINY, iterations=400), cache=cache)

    def distance() -> float:
        rule, painter = transcribe(trainer.weights, TINY.architecture, torch.full((1, 8, 4), 0.25))
        state = torch.zeros(1, TINY.cells, TINY.cells, 8)
        state[..., 3:] = 1
        with torch.no_grad():
            maps = trainer._paint(torch_step.grow(state, [rule], [None], 0, 0, 8, trainer._cells), painter)
        return float((maps.mean((2, 3)) - trainer.subject._means.mean(0)).square().mean())

    before = distance()
    run(trainer, 60)
    assert distance() < 0.5 * before
    assert all(torch.isfinite(weight).all() for weight in trainer.weights.values())


def test_a_published_run_can_be_grown(tmp_path, cache, portraits):
    manifold = publish(run(Trainer(TINY, cache=cache), 2), tmp_path / "models" / "tiny")
    library = read_library([tmp_path / "models"])
    wanted = sorted([*VARIETIES["zebra"], *VARIETIES["moss"]])
    assert [species.name for species in library.of("tiny")] == wanted and not library.problems
    for species in library.of("tiny")[:3]:
        assert len(species.dna) == manifold.dna_length
        assert Image.open(species.picture).convert("RGB").size[0] >= 64  # two iterations grow next to nothing
        maps = Rollout(open_automaton(manifold, "cpu")).maps(
            Growth("tiny", (Genotype((species.dna,)),), 16, 16), 4
        )
        assert maps.shape == (8, 64, 64) and np.isfinite(maps).all()
    assert manifold.card["training"]["iterations"] == 2


def test_the_loss_tells_an_exemplar_from_another_and_from_its_scrambled_pixels():
    pictures = np.stack([draw_exemplar("zebra", 0, 128), draw_exemplar("moss", 0, 128)])
    random = np.random.default_rng(0)
    scrambled = random.permutation(pictures[0].reshape(8, -1), axis=1).reshape(pictures[0].shape)
    exemplars = torch.from_numpy(pictures)
    loss = SlicedWasserstein(exemplars, banks=2)
    shown = torch.from_numpy(
        np.stack([np.roll(pictures[0], 17, 2), pictures[1], scrambled]).astype(np.float32)
    )
    zebra = torch.zeros(3, dtype=torch.long)
    own, other, noise = loss.between(shown, zebra, zebra, torch.zeros(3), 1)
    assert own < 0.05 * other and own < 0.2 * noise
    middle = loss.between(exemplars, zebra[:2], zebra[:2] + 1, torch.full((2,), 0.5), 1)
    assert (middle < other).all() and (middle > own).all()


def test_a_wrong_configuration_names_the_file_and_the_key(tmp_path):
    for text, word in (
        ("name = 1 = 2", "TOML"),
        ('colour = "red"', "colour"),
        ('families = ["moss"]', "name"),
    ):
        (tmp_path / "a.toml").write_text(text)
        with pytest.raises(ConfigError, match=rf"a\.toml.*{word}"):
            TrainingConfig.read(tmp_path / "a.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        TrainingConfig.read(tmp_path / "missing.toml")
    with pytest.raises(ConfigError, match="unicorn"):
        Trainer(replace(TINY, families=("unicorn",)))


def write_config(folder: Path, more: str = "") -> Path:
    config = folder / "tiny.toml"
    config.write_text(
        'name = "tiny"\nfamilies = ["moss"]\nsisters = 1\nexemplar_pixels = 64\ncells = 18\nbatch = 2\n'
        f"{more}steps = [4, 8]\npool = 4\nwarm_up = 2\n[architecture]\nchannels = 8\nhidden = 12\n"
    )
    return config


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM that a program can answer")
def test_a_terminated_training_leaves_a_checkpoint_that_goes_on(tmp_path, monkeypatch, capsys):
    config = write_config(tmp_path)
    script, out = str(ROOT / "scripts" / "train.py"), str(tmp_path / "out")
    command = [sys.executable, script, str(config), "--out", out]
    training = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = next((line for line in training.stdout if "iteration" in line), "")  # it has begun
    training.send_signal(signal.SIGTERM)
    said += training.communicate(timeout=120)[0]
    assert training.returncode == 0 and (tmp_path / "out" / "checkpoint.pt").exists(), said
    resumed = subprocess.run(
        [*command, "--resume", "--minutes", "0.02"], capture_output=True, text=True, timeout=240
    )
    assert resumed.returncode == 0 and "iterations of" in resumed.stdout, resumed.stderr
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    train = importlib.import_module("train")
    monkeypatch.setattr(train.virtual_environment, "enter", lambda: None)
    with pytest.raises(SystemExit) as refused:
        train.main(command[2:])
    assert refused.value.code == 2 and "--resume" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="torchrun meets through gloo on Linux and macOS")
def test_processes_that_train_together_learn_one_manifold(tmp_path):
    config = write_config(tmp_path, "iterations = 6\n")
    train = [str(ROOT / "scripts" / "train.py"), str(config), "--threads", "1", "--out"]
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]

    def ran(*command):
        done = subprocess.run(command, capture_output=True, text=True, timeout=180)
        assert done.returncode == 0, done.stderr

    ran(*torchrun, *train, str(tmp_path / "out"))
    one = torch.load(tmp_path / "out" / "checkpoint.pt", weights_only=True)
    pool = torch.load(tmp_path / "out" / "pool-1.pt", weights_only=True)
    assert one["iteration"] == 6
    assert not torch.equal(one["pool"]["states"], pool["states"]), "each grows states of its own"
    alone = run(redraw(Trainer(TrainingConfig.read(config)), 2), 6)
    assert any((one["weights"][name] != weight).any() for name, weight in alone.weights.items())
    ran(*torchrun, *train, str(tmp_path / "out"), "--resume")


def test_figures_have_no_critic(tmp_path):
    path = tmp_path / "training.toml"
    path.write_text('name = "x"\natlas = "atlas.png"\ncritic = 1.0\n')
    with pytest.raises(ConfigError, match="critic is for materials"):
        TrainingConfig.read(path)
