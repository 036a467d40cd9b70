# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever changes something is told of all that CI would find."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture
def check(monkeypatch):
    """scripts/check.py, as a script imports its neighbours, with an environment that is there."""
    monkeypatch.syspath_prepend(str(REPOSITORY / "scripts"))
    import check

    monkeypatch.setattr(check.virtual_environment, "prepare", lambda environment: Path(sys.executable))
    return check


def let(check, monkeypatch, **statuses: int) -> None:
    """Let checks stand there that end with these statuses."""
    program = Path(sys.executable).stem
    checks = {
        name: check.Check("something", check.MAIN, (program, "-c", f"raise SystemExit({status})"))
        for name, status in statuses.items()
    }
    monkeypatch.setattr(check, "CHECKS", checks)


def test_one_that_fails_hides_no_other(check, monkeypatch, capsys):
    let(check, monkeypatch, first=1, second=0)
    assert check.run(["first", "second"]) == 1
    summary = capsys.readouterr().out.partition("Summary")[2]
    assert "first: FAILED" in summary and "second: passed" in summary and "\nFAILED" in summary


def test_all_pass(check, monkeypatch, capsys):
    let(check, monkeypatch, first=0, second=0)
    assert check.run(["first", "second"]) == 0
    assert capsys.readouterr().out.endswith("All passed\n")


def test_an_environment_that_cannot_be_made_is_a_failure(check, monkeypatch, capsys):
    let(check, monkeypatch, first=0)

    def refuse(environment):
        raise check.virtual_environment.SetUpError("There is no network")

    monkeypatch.setattr(check.virtual_environment, "prepare", refuse)
    assert check.run(["first"]) == 1
    assert "There is no network" in capsys.readouterr().out


def test_a_commit_is_checked_as_ci_does(check):
    commits = (REPOSITORY / ".pre-commit-config.yaml").read_text("utf-8")
    assert set(re.findall(r"scripts/check\.py --only ([\w-]+)", commits)) == set(check.CHECKS)
    assert "scripts/check.py" in (REPOSITORY / ".ci" / "run").read_text("utf-8")
