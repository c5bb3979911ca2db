"""
numpy's and scikit-learn's kernel density estimates as a peer process: reads one JSON request a line, answers with one
JSON line. Arguments: file of samples, file of points (float64), dimensions, threads.
"""
import json
import os
import sys
import time

samples_file, points_file, dimensions, threads = sys.argv[1:5]
for name in ('OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ[name] = threads

import numpy as np

try:
    import sklearn
    from sklearn.neighbors import KernelDensity
except ImportError:
    sklearn = None

samples, points = (np.fromfile(file).reshape(-1, int(dimensions)) for file in (samples_file, points_file))


def blas():
    """The file behind numpy's BLAS, as this process has loaded it."""
    np.ones((2, 2)) @ np.ones((2, 2))
    with open('/proc/self/maps') as maps:
        files = {line.split()[-1] for line in maps if 'openblas' in line or '/libblas' in line}
    return sorted(os.path.realpath(file) for file in files)


def by_product(h, block=500):
    """Log-sum-exp over blocks of one matrix product each, in place."""
    n, d = samples.shape
    squares = (samples * samples).sum(1)
    result = np.empty(len(points))
    for start in range(0, len(points), block):
        x = points[start : start + block]
        a = x @ samples.T
        a *= 2
        a -= squares
        a -= (x * x).sum(1)[:, None]
        a *= 0.5 / (h * h)
        most = a.max(1)
        a -= most[:, None]
        np.exp(a, out=a)
        result[start : start + block] = most + np.log(a.sum(1))
    return result - np.log(n) - d * np.log(h * np.sqrt(2 * np.pi))


def by_sklearn(h, count, leaf_size):
    return KernelDensity(bandwidth=h, leaf_size=leaf_size).fit(samples).score_samples(points[:count])


greeting = {'numpy': np.__version__, 'sklearn': sklearn.__version__ if sklearn else None, 'blas': ', '.join(blas())}
print(json.dumps(greeting), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    wall, cpu = time.perf_counter(), time.process_time()
    if request['do'] == 'numpy':
        densities = by_product(request['h'])
    else:
        densities = by_sklearn(request['h'], request['count'], request['leaf_size'])
    answer = {'wall': time.perf_counter() - wall, 'cpu': time.process_time() - cpu}
    print(json.dumps({**answer, 'value': float(densities.mean()), 'count': len(densities)}), flush=True)
