"""numpy and scipy as a peer process: reads one JSON request a line, answers with one JSON line."""
import json
import os
import resource
import sys
import time

import numpy as np
import scipy
import scipy.linalg

arrays = {}


def blas():
    """The file behind numpy's BLAS, as this process has loaded it."""
    np.ones((2, 2)) @ np.ones((2, 2))
    with open('/proc/self/maps') as maps:
        files = {line.split()[-1] for line in maps if '/libopenblas' in line or '/libblas' in line}
    return sorted(os.path.realpath(file) for file in files)


def sqrtm():
    root = scipy.linalg.sqrtm(arrays['a'] @ arrays['b'])
    return float(np.trace(root).real)


def eigvals():
    values = scipy.linalg.eigvals(arrays['a'] @ arrays['b'])
    return float(np.sqrt(np.maximum(values.real, 0)).sum())


def cholesky():
    factor = np.linalg.cholesky(arrays['a'])
    values = np.linalg.eigvalsh(factor.T @ arrays['b'] @ factor)
    return float(np.sqrt(np.maximum(values, 0)).sum())


def eigvalsh():
    return float(np.abs(np.linalg.eigvalsh(arrays['a'])).sum())


def cov(repeat, to):
    before = peak()
    rows = np.tile(arrays['rows'], (repeat, 1))
    wall, cpu = time.perf_counter(), time.process_time()
    sigma = np.cov(rows, rowvar=False)
    seconds = {'wall': time.perf_counter() - wall, 'cpu': time.process_time() - cpu}
    sigma.tofile(to)
    # The first time tells: a peak does not fall.
    return {'value': float(np.trace(sigma)), **seconds, 'peakMiB': (peak() - before) / 1024}


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def gemm():
    return float((arrays['a'] @ arrays['b'])[0, 0])


tasks = {task.__name__: task for task in (sqrtm, eigvals, cholesky, eigvalsh, gemm)}

print(json.dumps({'numpy': np.__version__, 'scipy': scipy.__version__, 'blas': blas()}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if request['do'] == 'load':
        data = np.fromfile(request['path'], dtype=request['dtype'])
        arrays[request['name']] = data.reshape(request['rows'], request['columns'])
        answer = {}
    elif request['do'] == 'cov':
        answer = cov(request['repeat'], request['to'])
    else:
        wall, cpu = time.perf_counter(), time.process_time()
        value = tasks[request['do']]()
        answer = {'value': value, 'wall': time.perf_counter() - wall, 'cpu': time.process_time() - cpu}
    print(json.dumps(answer), flush=True)
