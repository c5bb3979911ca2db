"""FID of two folders by a tool's own code, on weights from a file: prints one JSON line.

usage: peer_fid.py pytorch-fid|torch-fidelity|clean-fid WEIGHTS REAL GENERATED OUT [--dims N]

OUT receives what went into the network and what came out of it, in the order of the files, REAL first:
inputs.bin (n x 3 x 299 x 299) and features.bin (n x dims), float32. Images go through one by one, as they may
differ in size.
"""
import argparse
import hashlib
import json
import os
import time
import warnings

import numpy as np
import torch
from PIL import Image

warnings.filterwarnings('ignore')


def pytorch_fid(args):
    from pytorch_fid import fid_score, inception
    inception.load_state_dict_from_url = lambda *_, **__: torch.load(args.weights)
    watch(inception.InceptionV3, lambda outputs: outputs[0])
    return fid_score.calculate_fid_given_paths([args.real, args.generated], 1, 'cpu', args.dims, 0)


def torch_fidelity(args):
    import torch_fidelity
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3
    watch(FeatureExtractorInceptionV3, lambda outputs: outputs[0])
    metrics = torch_fidelity.calculate_metrics(
        input1=args.real, input2=args.generated, fid=True, cuda=False, batch_size=1, cache=False, verbose=False,
        save_cpu_ram=True, feature_extractor='inception-v3-compat', feature_extractor_weights_path=args.weights)
    return metrics['frechet_inception_distance']


class Centered(torch.nn.Module):
    """clean-fid's own network is a TorchScript file with its weights inside: the same layers, from pytorch-fid."""

    def __init__(self, weights):
        super().__init__()
        from pytorch_fid import inception
        inception.load_state_dict_from_url = lambda *_, **__: torch.load(weights)
        self.network = inception.InceptionV3([3], resize_input=False, normalize_input=False).eval()

    def forward(self, images):
        return self.network((images - 128) / 128)[0].flatten(1)


def clean_fid(args):
    from cleanfid import fid
    watch(Centered, lambda outputs: outputs)
    return fid.compute_fid(
        args.real, args.generated, mode='clean', num_workers=0, batch_size=1, device=torch.device('cpu'),
        custom_feat_extractor=Centered(args.weights), verbose=False, use_dataparallel=False)


seen = {'inputs': [], 'features': []}


def watch(network, features_of):
    """Keeps what enters the first convolution, the only one with three channels, and what `network` gives."""
    def entering(module, inputs):
        if isinstance(module, torch.nn.Conv2d) and module.in_channels == 3:
            seen['inputs'].append(inputs[0].numpy().astype(np.float32))

    def leaving(module, _, outputs):
        if type(module) is network:
            features = features_of(outputs)
            if features.dim() == 4:
                features = features.mean(dim=(2, 3))
            seen['features'].append(features.numpy().astype(np.float32))

    torch.nn.modules.module.register_module_forward_pre_hook(entering)
    torch.nn.modules.module.register_module_forward_hook(leaving)


def versions():
    from importlib.metadata import version
    names = ['pytorch-fid', 'torch-fidelity', 'clean-fid', 'Pillow', 'numpy', 'scipy']
    return {'torch': torch.__version__, **{name: version(name) for name in names}}


def pixel_hashes(folder):
    images = (Image.open(os.path.join(folder, name)).convert('RGB') for name in sorted(os.listdir(folder)))
    return [hashlib.sha256(image.tobytes()).hexdigest() for image in images]


def main():
    parser = argparse.ArgumentParser()
    for name in ('tool', 'weights', 'real', 'generated', 'out'):
        parser.add_argument(name)
    parser.add_argument('--dims', type=int, default=2048)
    args = parser.parse_args()
    torch.set_grad_enabled(False)
    started = time.perf_counter()
    tool = {'pytorch-fid': pytorch_fid, 'torch-fidelity': torch_fidelity, 'clean-fid': clean_fid}[args.tool]
    value = float(tool(args))
    seconds = time.perf_counter() - started
    for name, parts in seen.items():
        np.concatenate(parts).tofile(os.path.join(args.out, name + '.bin'))
    pixels = pixel_hashes(args.real) + pixel_hashes(args.generated)
    print(json.dumps({'value': value, 'seconds': seconds, 'pixels': pixels, 'versions': versions()}))


main()
