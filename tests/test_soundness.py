"""The figures of the long soundness runs, as they stand in `book/soundness.yml`: complete, and no fault in them."""

import pytest
import yaml
from book_ext.execution import ROOT

RUNS = yaml.safe_load((ROOT / "book" / "soundness.yml").read_text(encoding="utf8"))
PARTS = {  # what the figures of a run must add up to
    "fuzz": ("pairs", ["proved", "checked", "refuted", "undecided", "error"]),
    "mutants": ("slips", ["refuted", "equivalent", "empty", "survived"]),
}
FAULTS = {
    "fuzz": ["error", "contradicted", "false_proof", "wrong_refutation"],
    "mutants": ["survived"],
    "print": ["differ"],
}


@pytest.mark.parametrize("run", FAULTS)
def test_a_run_is_entered_whole_or_not_at_all(run):
    figures = {name: value for name, value in RUNS[run].items() if name != "command"}
    entered = {name for name, value in figures.items() if value is not None}
    assert entered in (set(), set(figures)), f"missing in {run}: {sorted(set(figures) - entered)}"
    assert all(isinstance(figures[name], str if name == "commit" else int) for name in entered)


@pytest.mark.parametrize("run", PARTS)
def test_the_figures_add_up(run):
    total, parts = PARTS[run]
    assert sum(RUNS[run][part] or 0 for part in parts) == (RUNS[run][total] or 0)


@pytest.mark.parametrize("run", FAULTS)
def test_the_last_run_found_no_fault(run):
    assert {name: RUNS[run][name] for name in FAULTS[run] if RUNS[run][name]} == {}
