"""Trains LeNet-5 and the modern network on the small digits, plots both, and compares their answers pattern by pattern.

The cells (`# %%`) run one by one in VS Code, Spyder or Jupyter (by jupytext), or all of them by `python compare.py`, in some seconds.
"""

# %% The data: 1,437 digits to train on and 360 to test on, uint8, N x 28 x 28. MNIST is `lenet5.load_data("mnist")`.
import tempfile
from pathlib import Path

import numpy as np

import lenet5

(x, y), (x_test, y_test) = lenet5.load_data("digits")
folder = Path(tempfile.mkdtemp(prefix="lenet5-compare-"))
print(f"{len(x)} images of {x.shape[1:]} to train on, {len(x_test)} to test on; runs go to {folder}")

# %% Two runs of the same seed. Each is a folder, as `lenet5 train` makes it.
PRESETS = ["paper", "modern"]
runs = {
    preset: lenet5.train(x, y, test=(x_test, y_test), preset=preset, seed=1, passes=8, out=folder / preset)
    for preset in PRESETS
}
for preset, run in runs.items():
    errors, seconds = run.metrics["test_errors"], run.metrics["seconds"]
    print(f"{preset:>8}: {errors[-1]:.0f} of {len(x_test)} wrong after {len(errors)} passes, {seconds.sum():.1f} s")

# %% The learning curves, and what each layer makes of one digit.
try:
    import matplotlib
except ImportError:
    print("no matplotlib here: nothing is drawn")
else:
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 2, figsize=(11, 4))
    for preset, run in runs.items():
        axes[0].plot(run.metrics["pass"], run.metrics["test_error_percent"], marker="o", label=preset)
    axes[0].set(xlabel="pass", ylabel="test error (%)", ylim=(0, None))
    axes[0].legend()
    states = runs["paper"].model.states(x_test[0])
    axes[1].imshow(np.hstack(list(states["C1"])), cmap="gray_r")
    axes[1].set(title=f"C1, for a {y_test[0]}", xticks=[], yticks=[])
    figure.tight_layout()
    figure.savefig(folder / "compare.png", dpi=120)
    print(f"drawn: {folder / 'compare.png'}")

# %% Which patterns each of them gets wrong: they are counted together, as McNemar's test does.
wrong = {preset: run.model.predict(x_test) != y_test for preset, run in runs.items()}
both = (wrong["paper"] & wrong["modern"]).sum()
print(f"wrong: both {both}, paper alone {wrong['paper'].sum() - both}, modern alone {wrong['modern'].sum() - both}")
doubtful = runs["paper"].model.answer(x_test).rubbish
assert doubtful is not None, "LeNet-5 ends in RBF units"
print(f"LeNet-5's least certain answer: image {doubtful.argmax()}, probability of no class {doubtful.max():.2f}")
