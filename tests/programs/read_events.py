"""Prints what TensorBoard's own readers find in the runs below a folder: hyper-parameters, texts, histograms and pictures."""

import os
import struct
import sys

from tensorboard.backend.event_processing import event_accumulator
from tensorboard.plugins.hparams import api_pb2, metadata, plugin_data_pb2

SIZES = {kind: 0 for kind in ("tensors", "scalars", "images", "histograms")}  # 0: all


def png_size(png):
    """(width, height), from the header."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n", png[:8]
    return struct.unpack(">II", png[16:24])


for run in sorted(os.listdir(sys.argv[1])):
    events = event_accumulator.EventAccumulator(os.path.join(sys.argv[1], run), size_guidance=SIZES).Reload()
    for tag, content in events.PluginTagToContent(metadata.PLUGIN_NAME).items():
        data = plugin_data_pb2.HParamsPluginData.FromString(content)
        if tag == metadata.SESSION_START_INFO_TAG:
            for name, value in data.session_start_info.hparams.items():
                print(run, "hparam", name, repr(getattr(value, value.WhichOneof("kind"))))
        else:
            assert tag == metadata.SESSION_END_INFO_TAG, tag
            print(run, "status", api_pb2.Status.Name(data.session_end_info.status))
    for tag in events.PluginTagToContent("text"):
        for line in events.Tensors(tag)[-1].tensor_proto.string_val[0].decode().splitlines():
            print(run, "text", tag, line.strip())
    for tag in events.Tags()["histograms"]:
        found = events.Histograms(tag)
        last = found[-1]
        histogram = last.histogram_value
        assert sum(histogram.bucket) == histogram.num and histogram.bucket_limit[-1] == histogram.max, histogram
        print(run, "histogram", tag, last.step, int(histogram.num), f"{histogram.max:.6f}")
        print(run, "histograms", tag, [event.step for event in found])
    for tag in events.Tags()["images"]:
        found = events.Images(tag)
        for picture in found:
            assert png_size(picture.encoded_image_string) == (picture.width, picture.height), picture
        print(run, "picture", tag, [picture.step for picture in found], found[-1].width, "x", found[-1].height)
