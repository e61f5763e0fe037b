"""LeNet-5 as published in 1998, with NumPy arrays: see `help(lenet5.train)` and the stubs beside this file."""
from ._lenet5 import (
    Answers,
    Diverged,
    Model,
    Run,
    load,
    load_data,
    load_run,
    presets,
    pretrained,
    resume,
    settings,
    train,
)

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
