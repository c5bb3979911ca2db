"""CIFAR-10 from `train.tar` and `test.tar` (members `<class>/<name>.jpg`) as uint8 arrays."""

import io
import os
import tarfile

import numpy as np
from PIL import Image

CLASSES = (
    "airplane automobile bird cat deer dog frog horse ship truck".split()
)


def load(folder, split):
    """Images uint8 [n, 3, 32, 32] and labels int64 [n], in the order of the sorted member names."""
    images, labels = [], []
    with tarfile.open(os.path.join(folder, f"{split}.tar")) as archive:
        members = [m for m in archive.getmembers() if m.isfile() and m.name.endswith(".jpg")]
        for member in sorted(members, key=lambda m: m.name):
            pixels = Image.open(io.BytesIO(archive.extractfile(member).read())).convert("RGB")
            images.append(np.asarray(pixels).transpose(2, 0, 1))
            labels.append(CLASSES.index(member.name.split("/")[-2]))
    return np.stack(images), np.array(labels)
