import { readFileSync } from 'node:fs';
import { reference } from '../tests/reference';
import type { Peer } from './stages';

/** What the tools gave on the images of the reference folder, with the same random weights. */
export function goldenNumbers(): (tool: Peer, dims: number) => number {
  const values = JSON.parse(readFileSync(reference('golden', 'images', 'values.json'), 'utf8'));
  const fidelity = values.torch_fidelity_calculate_metrics.defaults_with_kid_subset_size_40;
  return (tool, dims) => {
    if (tool === 'torch-fidelity') return fidelity.frechet_inception_distance;
    if (tool === 'clean-fid') return values.fid.clean_fid_clean.fid_from_feats.value;
    return values.fid[`pytorch_fid_${dims}`].calculate_frechet_distance.value;
  };
}
