"""What does not fit: the kind of exception, and a message that says where, what was expected and what was found."""
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Bytes

import lenet5

Digits = tuple[tuple[Bytes, Bytes], tuple[Bytes, Bytes]]
IMAGES = np.zeros((4, 28, 28), dtype=np.uint8)
LABELS = np.array([0, 1, 2, 3])


def spoilt(value: float, dtype: Any = np.float32) -> Any:
    levels = np.zeros((4, 28, 28), dtype=dtype)
    levels[2, 5, 7] = value
    return levels


@pytest.mark.parametrize(
    "x, kind, message",
    [
        ([[0]], TypeError, "x: expected a NumPy array, found <class 'list'>"),
        (IMAGES.astype(np.int64), TypeError, "x: expected an array of uint8 .* found int64"),
        (IMAGES.astype(">f4"), TypeError, "found >f4"),
        (IMAGES.reshape(4, 784), ValueError, r"x: expected images: N x rows x columns.* found shape \(4, 784\)"),
        (IMAGES[:, :, :0], ValueError, r"found shape \(4, 28, 0\)"),
        (np.uint8(3) + np.zeros((), np.uint8), TypeError, "NumPy array"),
        (spoilt(np.nan), ValueError, r"x\[2, 5, 7\]: expected a level of 0 .* to 1 .* found NaN"),
        (spoilt(255), ValueError, r"x\[2, 5, 7\]: .* found 255; pixels of 0 to 255 are uint8"),
        (spoilt(-0.5, np.float64)[:, ::-1], ValueError, r"x\[2, 22, 7\]: .* found -0.5"),
        (np.zeros((4, 3, 28, 28), np.uint8), ValueError, "x: expected images of 1 channel .* found 3 of 28 x 28"),
        (np.zeros((4, 40, 28), np.uint8), ValueError, "at most 32 x 32 pixels.* found 1 of 40 x 28"),
    ],
)
def test_images_that_a_model_cannot_read(model: lenet5.Model, x: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        model.predict(x)


@pytest.mark.parametrize(
    "y, kind, message",
    [
        (LABELS[:3], ValueError, r"y: expected a label for each image of x, shape \(4,\), found \(3,\)"),
        (LABELS[:, None], ValueError, r"found \(4, 1\)"),
        (LABELS.astype(float), TypeError, "y: expected an array of whole numbers, found float64"),
        (np.array([0, 1, -1, 2]), ValueError, r"y\[2\]: expected a class of 0 to 255, found -1"),
        (np.array([0, 1, 2, 256]), ValueError, r"y\[3\]: expected a class of 0 to 255, found 256"),
        (None, TypeError, "y: expected the labels of x"),
    ],
)
def test_labels_that_do_not_fit(y: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        lenet5.train(IMAGES, y)


@pytest.mark.parametrize(
    "arguments, kind, message",
    [
        ({"mew": 0.1}, ValueError, "settings: unknown setting `mew`"),
        ({"mu": "small"}, ValueError, 'setting `mu`: expected a number, found a text: "small"'),
        ({"mu": -1.0}, ValueError, "setting `mu`: -1 is not acceptable; expected a number above 0"),
        ({"mu": object()}, TypeError, "setting `mu`: expected a number"),
        ({"preset": "papper"}, ValueError, "unknown preset `papper`, did you mean `paper`"),
        ({"seed": -1}, ValueError, "`seed`: expected a whole number from 0, found -1"),
        ({"dataset": "digits"}, ValueError, "dataset: expected it without x and y"),
        ({"data_dir": "."}, ValueError, "data_dir: expected it without x and y"),
        ({"test_set": True}, ValueError, r"test=\(x, y\)"),
        ({"tensorboard": True}, ValueError, "tensorboard: expected a folder"),
        ({"test": (IMAGES[:, 4:], LABELS)}, ValueError, "the test images: expected 1 x 28 x 28 .* found 1 x 24 x 28"),
        ({"test": (IMAGES, LABELS + 5)}, ValueError, "the test images: expected labels below 4, .* found labels below 9"),
        ({"classes": ["a", "b"]}, ValueError, "expected a name for each of 4 classes"),
        ({"classes": ["a", "b", "a", "c"]}, ValueError, '"a" twice'),
        ({"held_out": 4}, ValueError, "`held_out` is 4, but there are only 4 training patterns"),
    ],
)
def test_arguments_that_do_not_fit(arguments: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        lenet5.train(IMAGES, LABELS, **arguments)


def test_images_that_are_too_large_for_the_network() -> None:
    with pytest.raises(ValueError, match="at most 32 x 32"):
        lenet5.train(np.zeros((4, 40, 40), np.uint8), LABELS)
    with pytest.raises(ValueError, match="as many channels"):
        lenet5.train(np.zeros((4, 3, 28, 28), np.uint8), LABELS)


def test_files_and_folders(digits: Digits, model: lenet5.Model, tmp_path: Path) -> None:
    (x, y), _ = digits
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(FileExistsError, match="already holds files and is left as it is"):
        lenet5.train(x, y, out=tmp_path)
    with pytest.raises(OSError, match="file"):
        lenet5.train(x, y, out=file / "run")
    with pytest.raises(OSError, match="file"):
        model.save(file / "model.safetensors")
    assert file.read_text() == "mine" and list(tmp_path.iterdir()) == [file]
    with pytest.raises(ValueError, match="file: not a lenet5 model"):
        lenet5.load(file)
    with pytest.raises(FileNotFoundError, match="nothing.safetensors"):
        lenet5.load(tmp_path / "nothing.safetensors")
    with pytest.raises(FileNotFoundError, match="expected the folder of a run"):
        lenet5.resume(tmp_path)
    with pytest.raises(FileNotFoundError, match="expected the four files of MNIST"):
        lenet5.train(dataset="mnist", data_dir=tmp_path)
    with pytest.raises(ValueError, match="expected lenet5, lenet1, modern or strings, found lenet9"):
        lenet5.pretrained("lenet9")


def test_a_model_with_a_tensor_of_another_network(model: lenet5.Model, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    model.save(path)
    contents = path.read_bytes()
    path.write_bytes(contents.replace(b'"c1.weight"', b'"c9.weight"'))
    with pytest.raises(ValueError, match=r"model.safetensors: not a lenet5 model: expected tensor `c1.weight`"):
        lenet5.load(path)


def test_a_run_no_better_than_chance_is_a_warning() -> None:
    generator = np.random.default_rng(1)
    x, y = generator.integers(0, 256, (400, 28, 28), dtype=np.uint8), np.arange(400) % 10
    with pytest.warns(RuntimeWarning, match="no better than chance"):
        run = lenet5.train(x, y, test=(x[::-1], y), passes=3, curvature_count=20, eta_factor=1e-6)
    assert run.verdict and "chance" in run.verdict
