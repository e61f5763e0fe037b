"""A model: its answers, states and weights, from arrays of every kind."""
import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import Bytes, Program

import lenet5

Digits = tuple[tuple[Bytes, Bytes], tuple[Bytes, Bytes]]


def test_answers_are_those_of_the_command_line(
    model: lenet5.Model, digits: Digits, program: Program, tmp_path: Path
) -> None:
    x, y = digits[1]
    model.save(tmp_path / "model.safetensors")
    arguments = ["--model", tmp_path / "model.safetensors", "--dataset", "digits"]
    program("test", *arguments, "--predictions", tmp_path / "answers.csv")
    with open(tmp_path / "answers.csv", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [row[2] for row in rows] == [str(answer) for answer in model.predict(x)]
    answers = model.answer(x)
    theirs = np.array([[float(cell) for cell in row[3:13]] for row in rows], dtype=np.float32)
    assert np.array_equal(answers.distances, theirs)
    assert np.array_equal(answers.classes, answers.distances.argmin(1))
    assert [row[1] for row in rows] == [str(label) for label in y]
    assert answers.probabilities is None and answers.rubbish is not None


def test_rubbish_is_as_in_equation_9(model: lenet5.Model, digits: Digits) -> None:
    answers = model.answer(digits[1][0][:50])
    weights = np.exp(-answers.distances.astype(np.float64))
    j = np.exp(-float(model.settings["j"]))
    assert answers.rubbish is not None
    assert np.allclose(answers.rubbish, j / (j + weights.sum(1)), rtol=1e-5)


def test_scores_have_probabilities(digits: Digits) -> None:
    answers = lenet5.pretrained("modern").answer(digits[1][0][:50])
    assert answers.rubbish is None and answers.probabilities is not None
    scores = np.exp(-answers.distances.astype(np.float64))
    assert np.allclose(answers.probabilities, scores / scores.sum(1, keepdims=True), rtol=1e-5)


def test_arrays_of_any_layout_are_read_as_they_index(model: lenet5.Model, digits: Digits) -> None:
    x = digits[1][0]
    expected = model.answer(x).distances
    padded = np.full((2 * len(x), 30, 31), 77, dtype=np.uint8)
    padded[::2, 1:29, 2:30] = x
    read_only = x.copy()
    read_only.flags.writeable = False
    layouts = {
        "slices with steps": padded[::2, 1:29, 2:30],
        "Fortran order": np.asfortranarray(x),
        "transposed": np.ascontiguousarray(x.transpose(2, 1, 0)).transpose(2, 1, 0),
        "backwards": np.ascontiguousarray(x[::-1])[::-1],
        "a channel": x[:, None],
        "read-only": read_only,
        "float32": (x / 255).astype(np.float32),
        "float64": x / 255,
        "float64 in Fortran order": np.asfortranarray(x / 255),
    }
    for layout, array in layouts.items():
        assert np.array_equal(model.answer(array).distances, expected), layout
    assert np.array_equal(model.predict(x[3:4]), model.predict(x)[3:4])
    assert model.predict(x[:0]).shape == (0,) and model.answer(x[:0]).distances.shape == (0, 10)


COPIED = """
import numpy, lenet5
def megabytes():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
model, x = lenet5.pretrained(), numpy.zeros((60_000, 28, 28), dtype=numpy.uint8)
x[:, 14, 14] = 255 # every page is there
model.predict(x[:1000])
before = megabytes()
model.predict(x)
print(before, megabytes() - before, x.nbytes / 2**20)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc here")
def test_bytes_are_not_copied() -> None:
    text = subprocess.run([sys.executable, "-c", COPIED], capture_output=True, text=True, check=True).stdout
    before, more, size = map(float, text.split())
    assert before > size > 40 and more < size / 2, text


def test_states_are_those_of_the_paper(model: lenet5.Model, digits: Digits) -> None:
    image = digits[1][0][0]
    states, weights = model.states(image), model.weights()
    shapes = {name: state.shape for name, state in states.items()}
    assert shapes == {
        "input": (1, 32, 32),
        "C1": (6, 28, 28),
        "S2": (6, 14, 14),
        "C3": (16, 10, 10),
        "S4": (16, 5, 5),
        "C5": (120, 1, 1),
        "F6": (84, 1, 1),
        "output": (10,),
    }
    assert np.allclose(states["input"][0, 2:30, 2:30], 1.275 / 255 * image - 0.1, atol=1e-6)
    window = np.lib.stride_tricks.sliding_window_view(states["input"][0], (5, 5))
    c1 = np.einsum("mij,rcij->mrc", weights["c1.weight"].reshape(6, 5, 5), window) + weights["c1.bias"][:, None, None]
    assert np.allclose(states["C1"], 1.7159 * np.tanh(2 / 3 * c1), atol=1e-4)
    f6 = weights["f6.weight"].reshape(84, 120) @ states["C5"].ravel() + weights["f6.bias"]
    assert np.allclose(states["F6"].ravel(), 1.7159 * np.tanh(2 / 3 * f6), atol=1e-4)
    distances = ((states["F6"].ravel() - weights["rbf.codes"]) ** 2).sum(1)
    scale = 0.5 if model.settings["distance"] == "half" else 1.0
    assert np.allclose(states["output"], scale * distances, rtol=1e-4)
    assert np.allclose(states["output"], model.answer(image[None]).distances[0], rtol=1e-4)
    assert np.array_equal(model.states(image[None])["F6"], states["F6"])


def test_a_model_is_saved_as_the_command_line_saves_it(digits: Digits, program: Program, tmp_path: Path) -> None:
    run = lenet5.train(dataset="digits", passes=1, training_patterns=200, curvature_count=50, out=tmp_path / "run")
    path = tmp_path / "model.safetensors"
    run.model.save(path)
    assert path.read_bytes() == (tmp_path / "run" / "model.safetensors").read_bytes()
    report = json.loads(program("test", "--model", path, "--dataset", "digits", "--json"))
    x, y = digits[1]
    assert report["errors"] == (lenet5.load(path).predict(x) != y).sum() == run.metrics["test_errors"][0]
    with pytest.raises(FileExistsError, match="is left as it is"):
        lenet5.pretrained().save(path)
    assert lenet5.load(path).passes == 1
    lenet5.pretrained().save(path, overwrite=True)
    assert np.array_equal(lenet5.load(path).weights()["c1.weight"], lenet5.pretrained().weights()["c1.weight"])


def test_settings_are_those_of_the_preset() -> None:
    assert "paper" in lenet5.presets() and "tuned" in lenet5.presets()
    changed = lenet5.settings("modern", seed=7, mu=np.float32(0.5), batch=np.int64(8))
    assert (changed["preset"], changed["seed"], changed["mu"], changed["batch"]) == ("modern", 7, 0.5, 8)
    assert lenet5.settings(**changed) == changed
    assert lenet5.settings()["schedule"][0] == {"passes": 2, "eta": 0.0005}
