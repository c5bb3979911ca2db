"""What the tools' own code reads in two files of statistics: peers.py REAL.npz GENERATED.npz, one JSON object."""
import importlib
import json
import sys

import numpy as np

REAL, GENERATED = sys.argv[1:3]
answer = {}


def when_installed(name):
    def run(read):
        try:
            answer[name] = read(importlib.import_module(name))
        except ImportError:
            answer[name] = None
    return run


with np.load(REAL) as archive:
    entries = {name: archive[name] for name in archive.files}
    answer['numpy'] = {
        'types': {name: array.dtype.str for name, array in entries.items()},
        'n': int(entries['n']),
        'provenance': json.loads(str(entries['gan_metrics'])),
        'mu': entries['mu'].tolist(),
    }


@when_installed('pytorch_fid.fid_score')
def pytorch_fid(module):
    statistics = [module.compute_statistics_of_path(path, None, 1, 2048, 'cpu') for path in (REAL, GENERATED)]
    return float(module.calculate_frechet_distance(*statistics[0], *statistics[1]))


@when_installed('cleanfid.features')
def clean_fid(features):
    from cleanfid import fid
    found = []
    for path in (REAL, GENERATED):
        # It would look in its own folder, then download; from here on it is its code that reads.
        features.check_download_url = lambda local_folder, url: path
        found.append(features.get_reference_statistics('ours', 'na', split='custom'))
        feats = features.get_reference_statistics('ours', 'na', split='custom', metric='KID')
        answer['cleanfid rows'] = list(feats.shape)
    return float(fid.frechet_distance(*found[0], *found[1]))


print(json.dumps(answer))
