"""prdc's, clean-fid's and torch-fidelity's own code on features from files: a JSON request a line, a JSON line each.

usage: pairwise_peer.py THREADS
"""
import json
import os
import sys
import time
import warnings
from importlib.metadata import version

threads = int(sys.argv[1])
for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ[name] = str(threads)
warnings.filterwarnings('ignore')

import numpy as np  # noqa: E402 (after the number of threads)

features = {}


def load(request):
    for name, path in request['files'].items():
        features[name] = np.fromfile(path, dtype='<f4').reshape(-1, request['columns'])


def prdc(request):
    from prdc import prdc as tool
    # It asks for 8 jobs: here it gets as many as the others.
    distances = tool.sklearn.metrics.pairwise_distances
    tool.sklearn.metrics.pairwise_distances = lambda x, y, metric, n_jobs: distances(x, y, metric=metric, n_jobs=threads)
    return lambda: tool.compute_prdc(features['real'], features['generated'], request['neighbors'])


def clean_fid(request):
    from cleanfid.fid import kernel_distance
    np.random.seed(request['seed'])
    return lambda: kernel_distance(
        features['generated'], features['real'], num_subsets=request['subsets'], max_subset_size=request['size'])


def torch_fidelity(request):
    import torch
    from torch_fidelity.metric_kid import KEY_METRIC_KID_MEAN, kid_features_to_metric
    real, generated = (torch.from_numpy(features[name].astype('f8')) for name in ('real', 'generated'))
    return lambda: kid_features_to_metric(
        generated, real, kid_subsets=request['subsets'], kid_subset_size=request['size'], kid_kernel='poly',
        kid_kernel_poly_degree=3, kid_kernel_poly_gamma=None, kid_kernel_poly_coef0=1, rng_seed=request['seed'], verbose=False,
    )[KEY_METRIC_KID_MEAN]


def blas():
    """The file behind numpy's BLAS, as this process has loaded it."""
    np.ones((2, 2)) @ np.ones((2, 2))
    with open('/proc/self/maps') as maps:
        files = {line.split()[-1] for line in maps if 'libopenblas' in line or '/libblas' in line}
    return ', '.join(sorted(os.path.realpath(file) for file in files))


def versions(names):
    return ', '.join(f'{name} {version(name)}' for name in names)


# What the tools print must not come between the answers.
answers, sys.stdout = sys.stdout, sys.stderr
tools = versions(['numpy', 'scikit-learn', 'prdc', 'clean-fid', 'torch-fidelity'])
print(json.dumps({'versions': tools, 'blas': blas()}), file=answers, flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if request['do'] == 'load':
        load(request)
        print('{}', file=answers, flush=True)
        continue
    task = {'prdc': prdc, 'clean-fid': clean_fid, 'torch-fidelity': torch_fidelity}[request['do']](request)
    wall, cpu = time.perf_counter(), time.process_time()
    value = task()
    seconds = {'wall': time.perf_counter() - wall, 'cpu': time.process_time() - cpu}
    print(json.dumps({'value': value, **seconds}), file=answers, flush=True)
