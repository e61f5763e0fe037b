"""The ONNX files of `lenet5 export --onnx` in onnxruntime beside the program itself. Run by `cargo test --test programs onnx`, which makes
the files that are compared: in each folder of LENET5_ONNX, a network, images, and the distances and answers of the program."""
import json
import os
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from safetensors.numpy import load_file

EXCHANGE = os.environ.get("LENET5_ONNX")
FOLDERS = sorted(Path(EXCHANGE).iterdir()) if EXCHANGE else []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_checker_and_the_runtime_agree(folder):
    path = str(folder / "model.onnx")
    onnx.checker.check_model(path, full_check=True)
    model = onnx.load(path)
    assert [(opset.domain, opset.version) for opset in model.opset_import] == [("", 13)]
    assert not any(tensor.external_data for tensor in model.graph.initializer)

    ours = load_file(folder / "ours.safetensors")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    outputs, answer = (output.name for output in session.get_outputs())
    shapes = [(value.name, value.type, value.shape) for value in session.get_inputs() + session.get_outputs()]
    classes = ours["distances"].shape[1]
    assert shapes == [
        ("image", "tensor(uint8)", ["batch", *ours["pixels"].shape[1:]]),
        (outputs, "tensor(float)", ["batch", classes]),
        ("answer", "tensor(int64)", ["batch"]),
    ]
    assert len(json.loads(session.get_modelmeta().custom_metadata_map["classes"])) == classes

    batches = np.array_split(ours["pixels"], 7)
    theirs = [session.run(None, {"image": batch}) for batch in batches]
    distances, answers = (np.concatenate(parts) for parts in zip(*theirs))
    expected = -ours["distances"] if outputs == "scores" else ours["distances"]
    # A score may be anything near 0: it is measured by the largest of its image.
    scale = np.abs(expected).max(1, keepdims=True) if outputs == "scores" else expected
    relative, absolute = np.abs(distances - expected) / scale, np.abs(distances - expected)
    print(f"{folder.name}: {len(answers)} images, {(answers != ours['answers']).sum()} other answers; largest difference of {outputs}: "
          f"{relative.max():.1e} of {'the largest' if outputs == 'scores' else 'it'}, {absolute.max():.1e}")
    assert answers.shape == ours["answers"].shape and (answers == ours["answers"]).all()
    assert relative.max() <= 1e-4
    one = session.run([answer], {"image": ours["pixels"][:1]})[0]
    assert one.shape == (1,) and one[0] == answers[0], "a batch of one"
