"""LeNet-5 as published in 1998, with NumPy arrays.

Images are arrays of `uint8` (0 for background, 255 for ink), or of `float32` or `float64` (0 for background to 1 for ink, each rounded to
the nearest of 256 levels): N x rows x columns in grey, N x channels x rows x columns otherwise. `predict` and `answer` read `uint8` in C
order where it is; other arrays (slices with steps, transposed ones, floats) are copied first. Training copies its images once. While a
network trains or answers, other threads run; they must not write to the arrays meanwhile.

What does not fit is a `TypeError` (another kind of value), a `ValueError` (a value, shape or file that is not what is expected) or an
`OSError` (the system refuses a file), whose message says where, what was expected and what was found.
"""
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

_Images: TypeAlias = NDArray[np.uint8] | NDArray[np.float32] | NDArray[np.float64]
_Labels: TypeAlias = NDArray[np.integer[Any]]
_Data: TypeAlias = tuple[_Images, _Labels]
_Record: TypeAlias = dict[str, float | None]
_Setting: TypeAlias = str | bool | int | float | Sequence[Any] | Mapping[str, Any] | np.generic

__all__ = [
    "Answers",
    "Diverged",
    "Model",
    "Run",
    "load",
    "load_data",
    "load_run",
    "presets",
    "pretrained",
    "resume",
    "settings",
    "train",
]

def train(
    x: _Images | None = None,
    y: _Labels | None = None,
    *,
    test: _Data | None = None,
    preset: str | None = None,
    seed: int | None = None,
    passes: int | None = None,
    dataset: str | None = None,
    settings: Mapping[str, _Setting] | None = None,
    out: str | PathLike[str] | None = None,
    classes: Sequence[str] | None = None,
    name: str = "python",
    data_dir: str | PathLike[str] | None = None,
    tensorboard: bool = False,
    progress: Callable[[_Record], object] | None = None,
    **more: _Setting,
) -> Run:
    """Trains a network on the images `x` with the labels `y`, to the same bits as `lenet5 train` with the same images and settings.

    test: images and labels to measure errors on after each pass. Without them the setting `test_set` is false.
    preset, seed, passes: as on the command line (`paper`, 1, 20). More settings by their names, or as a dict in `settings`;
        `lenet5.settings()` shows all of them. Of a setting that is given twice, the named one counts.
    dataset: in place of `x` and `y`, the data that the command line knows by this name: auto, mnist, qmnist, digits, cifar10 or
        idx:FOLDER; `data_dir` is their folder. Without any of these: auto.
    out: a new folder for the run, as the command line makes it: `lenet5 test --model OUT`, `lenet5 train --resume --out OUT` and
        `lenet5.resume` take it up. Without it the run stays in memory.
    classes: the names of the classes, in the order of the labels. Without them they are the labels' numbers.
    name: what the run calls data that are arrays.
    tensorboard: also writes event files to the folder.
    progress: called after each pass with its record. An exception in it stops training.

    Ctrl-C is a `KeyboardInterrupt` whose attribute `run` has the full passes; numbers that are not finite raise `Diverged`; a run that
    is no better than chance is a `RuntimeWarning`.
    """

def resume(
    folder: str | PathLike[str],
    x: _Images | None = None,
    y: _Labels | None = None,
    *,
    test: _Data | None = None,
    passes: int | None = None,
    classes: Sequence[str] | None = None,
    name: str = "python",
    data_dir: str | PathLike[str] | None = None,
    tensorboard: bool = False,
    progress: Callable[[_Record], object] | None = None,
) -> Run:
    """Goes on with the run in `folder` after its last full pass, to the bits that it would have had in one go.

    A run on arrays needs the same arrays again; one on a published data set finds it. `passes` is the new number of passes in all.
    """

def load_run(folder: str | PathLike[str]) -> Run:
    """The run in `folder`, as far as it is trained."""

def load(path: str | PathLike[str]) -> Model:
    """The model in a file (`model.safetensors`) or in the folder of a run."""

def pretrained(name: str = "lenet5") -> Model:
    """A model that comes with the package: lenet5, lenet1, modern, or strings (LeNet-5 that reads lines of digits)."""

def load_data(
    name: str = "auto", folder: str | PathLike[str] | None = None
) -> tuple[tuple[NDArray[np.uint8], NDArray[np.uint8]], tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """Images and labels of a data set, for training and for testing: auto, mnist, qmnist, digits, cifar10 or idx:FOLDER.

    MNIST is looked for in `folder` (or LENET5_DATA, data/mnist, the cache) and downloaded otherwise; where it cannot be had, auto gives the
    embedded digits and a `RuntimeWarning`.
    """

def presets() -> list[str]:
    """The names of the presets."""

def settings(preset: str | None = None, **settings: _Setting) -> dict[str, Any]:
    """All settings of a preset (`paper`) with these over it, checked."""

@final
class Run:
    """A training run: its records, and the network after its last full pass."""

    @property
    def model(self) -> Model:
        """The network after the last full pass; a `ValueError` before the first."""
    @property
    def records(self) -> list[_Record]:
        """A row of metrics.csv for each full pass."""
    @property
    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """The columns of metrics.csv, one number a pass; NaN where there is none."""
    @property
    def settings(self) -> dict[str, Any]:
        """All settings."""
    @property
    def folder(self) -> Path | None:
        """Where it is kept; None for a run in memory."""
    @property
    def verdict(self) -> str | None:
        """The reason why it has no usable result, if so."""

@final
class Model:
    """A trained network."""

    def predict(self, x: _Images) -> NDArray[np.int64]:
        """The class of each image. Images smaller than the network's input are put into its middle."""
    def answer(self, x: _Images) -> Answers:
        """The class of each image with the numbers that it was chosen by."""
    def states(self, image: _Images) -> dict[str, NDArray[np.float32]]:
        """The states of every layer for one image (rows x columns, or channels x rows x columns), by the names of the paper.

        "input", "C1", "S2", "C3", "S4", "C5" and "F6" are maps x rows x columns, after the layer's function; "output" has the distance of
        each class. The names of another network are those of its layers.
        """
    def weights(self) -> dict[str, NDArray[np.float32]]:
        """A copy of every tensor, by its name in model.safetensors, such as "c1.weight"."""
    def save(self, path: str | PathLike[str], *, overwrite: bool = False) -> None:
        """Writes the model to a new file, the same bytes as the command line's model.safetensors; `lenet5 test --model` reads it."""
    @property
    def settings(self) -> dict[str, Any]:
        """The settings that it was trained with."""
    @property
    def classes(self) -> list[str]:
        """The name of each class."""
    @property
    def passes(self) -> int:
        """The number of complete passes."""

@final
class Answers:
    """The answers of a network to images."""

    @property
    def classes(self) -> NDArray[np.int64]:
        """The class of each image: the one of the smallest distance."""
    @property
    def distances(self) -> NDArray[np.float32]:
        """A row for each image, the distance of each class (eq. 7); of a network that ends in scores, these with the other sign."""
    @property
    def probabilities(self) -> NDArray[np.float64] | None:
        """The probability of each class; only of a network that ends in scores."""
    @property
    def rubbish(self) -> NDArray[np.float64] | None:
        """The probability that an image shows none of the classes (eq. 9); only of a network with RBF units."""

class Diverged(ArithmeticError):
    """Training came to numbers that are not finite. The full passes before are in `run`, and in the run's folder if it has one."""

    run: Run
