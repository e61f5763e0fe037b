"""LeNet-5 as published in 1998, in PyTorch, with the tensors of `lenet5 train`'s model.safetensors under the same names.

    model = lenet5_torch.load("model.safetensors")
    distances = model(lenet5_torch.encode(pixels))  # N x 28 x 28 bytes, ink 255; the class with the smallest distance wins
    lenet5_torch.save(model, "mine.safetensors")    # for `lenet5 test --model mine.safetensors`"""
import re
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import avg_pool2d, conv2d, pad

TABLE_I = "012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345".split()  # S2 maps of each C3 map
METADATA = 'version = "PyTorch"\nsource = "mnist"\npasses = 0\n[settings]\n'  # no settings: distances as printed (eq. 7)

def encode(pixels):
    return pad(1.275 / 255 * pixels.float()[:, None] - 0.1, (2, 2, 2, 2), value=-0.1)

def squash(a):
    return 1.7159 * torch.tanh(2 / 3 * a)

class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.coefficient, self.bias = nn.Parameter(torch.full((maps,), 0.25)), nn.Parameter(torch.zeros(maps))
    def forward(self, x):
        return self.coefficient[:, None, None] * avg_pool2d(x, 2, divisor_override=1) + self.bias[:, None, None]

class SparseConvolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.pairs = torch.tensor([(i, int(j)) for i, maps in enumerate(TABLE_I) for j in maps]).unbind(1)
        self.weight, self.bias = nn.Parameter(0.1 * torch.randn(60, 5, 5)), nn.Parameter(torch.zeros(16))
    def forward(self, x):
        return conv2d(x, self.weight.new_zeros(16, 6, 5, 5).index_put(self.pairs, self.weight), self.bias)

class LeNet5(nn.Module):
    def __init__(self, codes, metadata=METADATA):
        super().__init__()
        self.metadata, self.scale = metadata, 0.5 if 'distance = "half"' in metadata else 1.0
        self.c1, self.s2, self.c3, self.s4 = nn.Conv2d(1, 6, 5), Subsampling(6), SparseConvolution(), Subsampling(16)
        self.c5, self.f6, self.rbf = nn.Conv2d(16, 120, 5), nn.Linear(120, 84), nn.Module()
        self.rbf.register_buffer("codes", codes)
    def forward(self, x):
        for layer in (self.c1, self.s2, self.c3, self.s4, self.c5):
            x = squash(layer(x))
        return self.scale * (squash(self.f6(x.flatten(1)))[:, None] - self.rbf.codes).square().sum(2)

def load(path):
    with safe_open(path, "pt") as file:
        metadata = file.metadata()["lenet5"]
        tensors = {name: file.get_tensor(name) for name in file.keys() if name != "optimizer.memory"}
    if "rbf.codes" not in tensors or re.search(r'activation = "relu"|input_mean = \[.*\d', metadata):
        raise ValueError(f"{path}: not LeNet-5 as published")
    model = LeNet5(tensors["rbf.codes"], metadata)
    model.load_state_dict(tensors)
    return model

def save(model, path):
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, path, {"lenet5": model.metadata})
