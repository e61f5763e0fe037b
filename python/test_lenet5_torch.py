"""The network in PyTorch beside the one in Rust. Run by `cargo test --test python`, which makes the files that are compared:
in each folder of LENET5_EXCHANGE, a model and what it makes of 1,000 images."""
import os
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
safetensors = pytest.importorskip("safetensors.torch")
import lenet5_torch  # noqa: E402

EXCHANGE = os.environ.get("LENET5_EXCHANGE")
FOLDERS = sorted(path for path in Path(EXCHANGE).iterdir() if path.is_dir()) if EXCHANGE else []
pytestmark = pytest.mark.skipif(not EXCHANGE, reason="LENET5_EXCHANGE names no folder; run `cargo test --test python`")

@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request):
    return request.param

def read(folder):
    ours = safetensors.load_file(folder / "ours.safetensors")
    return lenet5_torch.load(folder / "model.safetensors"), lenet5_torch.encode(ours["pixels"]), ours["labels"], ours

def test_distances_of_1000_images(folder):
    model, images, _, ours = read(folder)
    with torch.no_grad():
        distances = model(images)
    assert distances.shape == ours["distances"].shape == (1000, 10)
    worst = ((distances - ours["distances"]).abs() / distances.clamp(min=1)).max().item()
    print(f"\n{folder.name}: largest difference of a distance {worst:.1e} of it, of distances up to {distances.max():.0f}")
    assert distances.std() > 1 and worst <= 1e-5

def loss(kind, distances, labels, j):
    right = distances.gather(1, labels[:, None])[:, 0]
    if kind == "eq8":
        return right.mean()
    return (right + torch.logsumexp(torch.cat([-distances, torch.full_like(right, -j)[:, None]], 1), 1)).mean()

@pytest.mark.parametrize("kind, patterns", [("eq8", 16), ("eq9", 16), ("learn", 1)])
def test_gradients_by_name(folder, kind, patterns):
    """Of the mean loss of some patterns; "learn" is what one step of training took from the parameters."""
    model, images, labels, ours = read(folder)
    loss(kind, model(images[:patterns]), labels[:patterns], ours["j"].item()).backward()
    gradients = {f"{kind}/{name}": parameter.grad for name, parameter in model.named_parameters()}
    assert gradients.keys() == {name for name in ours if name.startswith(f"{kind}/")}
    relative = {name: ((gradient - ours[name]).norm() / gradient.norm()).item() for name, gradient in gradients.items()}
    worst = max(relative, key=relative.get)
    print(f"\n{folder.name}: largest difference of a gradient {relative[worst]:.1e} of the norm, in {worst}")
    assert all(difference <= 1e-4 for difference in relative.values()), relative

def test_weights_from_pytorch(folder):
    """Written here and loaded by the Rust test: weights after a step in PyTorch, and a network that was made here."""
    model, images, labels, ours = read(folder)
    loss("eq9", model(images[:100]), labels[:100], ours["j"].item()).backward()
    torch.optim.SGD(model.parameters(), lr=1e-3).step()
    torch.manual_seed(1998)
    for name, network in {"stepped": model, "made": lenet5_torch.LeNet5(model.rbf.codes)}.items():
        lenet5_torch.save(network, folder / f"{name}.safetensors")
        with torch.no_grad():
            safetensors.save_file({"distances": network(images)}, folder / f"{name}.distances.safetensors")
        again = lenet5_torch.load(folder / f"{name}.safetensors").state_dict()
        assert all(torch.equal(again[name], tensor) for name, tensor in network.state_dict().items())
