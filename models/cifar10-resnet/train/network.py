"""The network, and the folding of its batch norms into plain convolutions."""

import torch
from torch import nn
from torch.nn import functional as F

STEM = 24
WIDTHS = (48, 96, 192)


class ConvNorm(nn.Module):
    """3x3 convolution, optional 2x2 max pool, batch norm with a bias and no scale."""

    def __init__(self, channels_in, channels_out, pool):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False)
        self.pool = pool
        self.norm = nn.BatchNorm2d(channels_out, eps=1e-5, momentum=0.2)
        self.norm.weight.requires_grad_(False)
        # The first input channels pass through unchanged at the start.
        nn.init.dirac_(self.conv.weight[: channels_in] if channels_out > channels_in else self.conv.weight)

    def forward(self, x):
        x = self.conv(x)
        if self.pool:
            x = F.max_pool2d(x, 2)
        return self.norm(x)


class Stage(nn.Module):
    """Halves the resolution, then adds one residual convolution."""

    def __init__(self, channels_in, channels_out):
        super().__init__()
        self.down = ConvNorm(channels_in, channels_out, pool=True)
        self.residual = ConvNorm(channels_out, channels_out, pool=False)

    def forward(self, x):
        x = F.relu(self.down(x))
        return F.relu(x + self.residual(x))


class Network(nn.Module):
    """Input [n, 3, h, w] scaled as (pixel - 128) / 128; returns features [n, 192] and logits [n, 10]."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, STEM, 3, padding=1)
        inputs = (STEM, *WIDTHS[:-1])
        self.stages = nn.ModuleList(Stage(a, b) for a, b in zip(inputs, WIDTHS))
        self.head = nn.Linear(WIDTHS[-1], 10)
        nn.init.zeros_(self.head.bias)

    def features(self, x):
        x = F.relu(self.stem(x))
        for stage in self.stages:
            x = stage(x)
        return x.mean((2, 3))

    def forward(self, x):
        features = self.features(x)
        return features, self.head(features)


@torch.no_grad()
def whiten_stem(network, images):
    """Sets the stem to plus and minus the leading whitened eigenvectors of 3x3 patches (it stays fixed)."""
    patches = images.unfold(2, 3, 2).unfold(3, 3, 2).permute(0, 2, 3, 1, 4, 5).reshape(-1, 27).double()
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    leading = vectors[:, -STEM // 2 :] / (values[-STEM // 2 :] + 1e-3).sqrt()
    filters = leading.T.reshape(STEM // 2, 3, 3, 3).float()
    network.stem.weight.copy_(torch.cat([filters, -filters]))
    network.stem.weight.requires_grad_(False)
    network.stem.bias.zero_()


@torch.no_grad()
def folded(network):
    """Every layer as a convolution with a bias: {name: float32 array}, kernels OIHW, dense [10, 192]."""
    tensors = {"stem.weight": network.stem.weight, "stem.bias": network.stem.bias}
    for index, stage in enumerate(network.stages):
        for part in ("down", "residual"):
            layer = getattr(stage, part)
            scale = layer.norm.weight / (layer.norm.running_var + layer.norm.eps).sqrt()
            # A positive scale commutes with the max pool between convolution and norm.
            assert (scale > 0).all()
            tensors[f"stage{index + 1}.{part}.weight"] = layer.conv.weight * scale[:, None, None, None]
            tensors[f"stage{index + 1}.{part}.bias"] = layer.norm.bias - layer.norm.running_mean * scale
    tensors["head.weight"] = network.head.weight
    tensors["head.bias"] = network.head.bias
    return {name: tensor.float().contiguous().numpy() for name, tensor in tensors.items()}
