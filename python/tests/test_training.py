"""Training: the same bits as the command line's, runs as folders, and what stops it."""
import csv
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Bytes, Program, tensors

import lenet5

Digits = tuple[tuple[Bytes, Bytes], tuple[Bytes, Bytes]]
SHORT = {"training_patterns": 200, "curvature_count": 50}
ON_COMMAND_LINE = ["--dataset", "digits", "--set", "training_patterns=200", "--set", "curvature_count=50"]


def same_weights(one: lenet5.Model, other: lenet5.Model) -> bool:
    a, b = one.weights(), other.weights()
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("preset", ["paper", "modern", "tuned-rubbish"])
def test_the_bits_are_those_of_the_command_line(
    preset: str, digits: Digits, program: Program, tmp_path: Path
) -> None:
    theirs, ours, own = tmp_path / "theirs", tmp_path / "ours", tmp_path / "own"
    program("train", "--preset", preset, "--seed", 3, "--passes", 2, "--out", theirs, *ON_COMMAND_LINE)
    lenet5.train(dataset="digits", preset=preset, seed=3, passes=2, settings=SHORT, out=ours)
    for name in ["model.safetensors", "checkpoint.safetensors", "config.toml", "rates.csv"]:
        assert (ours / name).read_bytes() == (theirs / name).read_bytes(), name
    (x, y), test = digits
    run = lenet5.train(x, y, test=test, preset=preset, seed=3, passes=2, settings=SHORT, out=own)
    assert tensors(own / "model.safetensors") == tensors(theirs / "model.safetensors")
    in_memory = lenet5.train(x, y, test=test, preset=preset, seed=3, passes=2, settings=SHORT)
    assert same_weights(in_memory.model, lenet5.load(theirs)) and same_weights(run.model, in_memory.model)
    other_seed = lenet5.train(x, y, test=test, preset=preset, seed=4, passes=2, settings=SHORT)
    assert not same_weights(other_seed.model, in_memory.model)


def test_a_run_goes_on_from_either_side(program: Program, tmp_path: Path) -> None:
    whole, here, there = tmp_path / "whole", tmp_path / "here", tmp_path / "there"
    lenet5.train(dataset="digits", passes=3, out=whole, settings=SHORT)
    lenet5.train(dataset="digits", passes=1, out=here, settings=SHORT)
    program("train", "--resume", "--out", here, "--passes", 3)
    program("train", "--passes", 1, "--out", there, *ON_COMMAND_LINE)
    run = lenet5.resume(there, passes=3)
    expected = (whole / "model.safetensors").read_bytes()
    assert (here / "model.safetensors").read_bytes() == expected == (there / "model.safetensors").read_bytes()
    report = json.loads(program("test", "--model", there, "--dataset", "digits", "--json"))
    assert report["errors"] == run.metrics["test_errors"][-1]
    assert lenet5.load_run(here).records[-1]["test_errors"] == report["errors"]


def test_a_run_on_arrays_goes_on_with_the_same_arrays(digits: Digits, tmp_path: Path) -> None:
    (x, y), test = digits
    whole = lenet5.train(x, y, test=test, passes=2, settings=SHORT)
    lenet5.train(x, y, test=test, passes=1, out=tmp_path / "run", settings=SHORT)
    other = x.copy()
    other[17, 14, 14] ^= 1
    with pytest.raises(ValueError, match="with other images or labels"):
        lenet5.resume(tmp_path / "run", other, y, test=test, passes=2)
    assert same_weights(lenet5.resume(tmp_path / "run", x, y, test=test, passes=2).model, whole.model)


def test_metrics_are_those_of_the_table(digits: Digits, tmp_path: Path) -> None:
    seen: list[dict[str, float | None]] = []
    (x, y), test = digits
    out = tmp_path / "run"
    run = lenet5.train(x, y, test=test, passes=2, out=out, progress=seen.append, training_error=False, settings=SHORT)
    assert seen == run.records and len(seen) == 2
    with open(out / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(run.metrics)
    for name, column in run.metrics.items():
        assert np.array_equal(column, [float(row[name] or "nan") for row in rows], equal_nan=True), name
    assert np.isnan(run.metrics["training_error_percent"]).all()
    without = lenet5.train(x, y, passes=1, settings=SHORT)
    assert not [name for name in without.metrics if name.startswith(("test", "held_out"))]
    held_out = lenet5.train(x, y, passes=1, held_out=100, settings=SHORT)
    assert held_out.metrics["held_out_errors"][0] > 0


def test_a_declared_network_reads_colour_and_knows_its_classes(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    x, y = generator.integers(0, 256, (60, 3, 20, 20), dtype=np.uint8), np.arange(60) % 3
    names, out = ["cat", "dog", "hen"], tmp_path / "run"

    def network(size: int) -> dict[str, Any]:
        layers = [
            {"kind": "convolution", "name": "C1", "maps": 4, "size": 5},
            {"kind": "max", "name": "S2", "size": 4},
            {"kind": "scores", "name": "output", "size": size},
        ]
        return {"name": "small", "input": [3, 20, 20], "layers": layers}

    with pytest.raises(ValueError, match="settings: .*output"):
        lenet5.train(x, y, classes=names, preset="modern", passes=1, network=network(5))
    run = lenet5.train(x, y, classes=names, preset="modern", passes=1, network=network(4), out=out)
    assert run.model.classes == names == lenet5.load(out).classes
    assert run.settings["dataset"] == "own:python" and run.settings["network"]["name"] == "small"
    assert run.model.states(x[0])["S2"].shape == (4, 4, 4)
    assert run.model.predict(x).max() <= 2


def test_an_exception_of_the_program_stops_training(digits: Digits, tmp_path: Path) -> None:
    def refuse(record: dict[str, float | None]) -> None:
        raise LookupError(f"after pass {record['pass']}")

    (x, y), _ = digits
    with pytest.raises(LookupError, match="after pass 1"):
        lenet5.train(x, y, passes=5, out=tmp_path / "run", progress=refuse, settings=SHORT)
    assert len(lenet5.load_run(tmp_path / "run").records) == 1


def test_a_run_that_diverges_is_an_exception_with_what_is_kept(digits: Digits, tmp_path: Path) -> None:
    (x, y), test = digits
    hot: dict[str, str | float] = {"preset": "paper-2.4", "activation": "relu", "pooling": "max", "eta_factor": 4.0}
    hot["training_patterns"] = 300
    for out in [None, tmp_path / "run"]:
        with pytest.raises(lenet5.Diverged, match=r"1 of 2 passes are complete.*to try: smaller steps") as caught:
            lenet5.train(x, y, test=test, seed=2, passes=2, settings=hot, out=out)
        run = caught.value.run
        assert len(run.records) == run.model.passes == 1 and "diverged in pass 2" in str(run.verdict)
    with pytest.raises(lenet5.Diverged, match=r"0 of 2 passes") as caught:
        lenet5.train(x, y, test=test, passes=2, settings={**hot, "eta_factor": 1000.0})
    with pytest.raises(ValueError, match="expected one full pass or more, found none"):
        caught.value.run.model


def test_other_threads_run_during_training(digits: Digits) -> None:
    (x, y), _ = digits
    ticks, done = 0, threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.wait(0.001):
            ticks += 1

    thread = threading.Thread(target=tick)
    thread.start()
    before = ticks
    started = time.monotonic()
    lenet5.train(x, y, passes=3)
    seconds, during = time.monotonic() - started, ticks - before
    done.set()
    thread.join()
    assert during > 20 * seconds, (during, seconds)


STOPPED = """
import signal, sys, numpy, lenet5
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what it runs in the background
generator = numpy.random.default_rng(1)
x, y = generator.integers(0, 256, (60_000, 28, 28), dtype=numpy.uint8), numpy.arange(60_000) % 10
test = x[:10_000], y[:10_000]
print("ready", flush=True)
try:
    lenet5.train(x, y, test=test, passes=50, out=sys.argv[1], preset=sys.argv[2])
except KeyboardInterrupt as stopped:
    print(len(stopped.run.records), stopped, flush=True)
    raise
"""


@pytest.mark.parametrize("preset, seconds", [("paper", 1.5), ("modern", 1.5)])
def test_ctrl_c_stops_training_within_a_second(preset: str, seconds: float, tmp_path: Path) -> None:
    out = tmp_path / "run"
    child = subprocess.Popen(
        [sys.executable, "-c", STOPPED, str(out), preset], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout and child.stdout.readline() == "ready\n"
    while not (out / "config.toml").exists():
        assert child.poll() is None
        time.sleep(0.01)
    time.sleep(seconds)
    sent = time.monotonic()
    child.send_signal(signal.SIGINT)
    try:
        text, errors = child.communicate(timeout=60)
    finally:
        child.kill()
    took = time.monotonic() - sent
    assert child.returncode == -signal.SIGINT and "KeyboardInterrupt: training was stopped" in errors, (child.returncode, errors)
    assert f"of 50 passes are complete and kept in {out}, where lenet5.resume goes on" in text
    print(f"{preset}: {took:.2f} s")
    assert took < 1.0
    run = lenet5.load_run(out)
    assert len(run.records) == int(text.split()[0])


def test_a_run_records_the_commit_of_the_sources(tmp_path: Path) -> None:
    lenet5.train(dataset="digits", passes=1, settings=SHORT, out=tmp_path / "run")
    text = (tmp_path / "run" / "environment.toml").read_text()
    found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True)
    expected = found.stdout.strip() if found.returncode == 0 else "unknown"
    assert f'commit = "{expected}' in text
