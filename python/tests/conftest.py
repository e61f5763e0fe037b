"""What the tests share. Those beside the command line find its program by LENET5, and are skipped without it."""
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import lenet5

Bytes = NDArray[np.uint8]
Program = Callable[..., str]


@pytest.fixture(scope="session")
def digits() -> tuple[tuple[Bytes, Bytes], tuple[Bytes, Bytes]]:
    return lenet5.load_data("digits")


@pytest.fixture(scope="session")
def model() -> lenet5.Model:
    return lenet5.pretrained()


@pytest.fixture(scope="session")
def program() -> Program:
    path = os.environ.get("LENET5")
    if not path:
        pytest.skip("LENET5 names no program")

    def run(*arguments: object) -> str:
        command = [path, *map(str, arguments)]
        ended = subprocess.run(command, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    return run


def tensors(path: Path) -> tuple[dict[str, object], bytes]:
    """The names, types and places of the tensors in a safetensors file, and their bits; not its metadata."""
    contents = path.read_bytes()
    end = 8 + int.from_bytes(contents[:8], "little")
    header: dict[str, object] = json.loads(contents[8:end])
    del header["__metadata__"]
    return header, contents[end:]
