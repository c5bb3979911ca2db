"""pytorch-fid's own extraction as a peer process: reads one JSON request a line, answers with one JSON line.

usage: pytorch_fid_rate.py WEIGHTS THREADS [DEVICE]; a request names files and batch, and may name a file for the
features.
"""
import json
import resource
import sys
import time
import warnings

import numpy as np
import torch
from pytorch_fid import fid_score, inception

warnings.filterwarnings('ignore')
fid_score.tqdm = lambda batches, *_, **__: batches


def cpu_seconds():
    own, loaders = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + loaders.ru_utime + loaders.ru_stime


def main():
    weights, threads = sys.argv[1], int(sys.argv[2])
    device = sys.argv[3] if len(sys.argv) > 3 else 'cpu'
    torch.set_num_threads(threads)
    inception.load_state_dict_from_url = lambda *_, **__: torch.load(weights)
    model = inception.InceptionV3([inception.InceptionV3.BLOCK_INDEX_BY_DIM[2048]]).to(device)
    name = torch.cuda.get_device_name() if device == 'cuda' else device
    print(json.dumps({'torch': torch.__version__, 'device': name}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        started, cpu = time.perf_counter(), cpu_seconds()
        features = fid_score.get_activations(
            request['files'], model, request['batch'], 2048, device, num_workers=threads)
        answer = {'seconds': time.perf_counter() - started, 'cpu': cpu_seconds() - cpu,
                  'peak': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
        if 'out' in request:
            features.astype(np.float32).tofile(request['out'])
        print(json.dumps(answer), flush=True)


main()
