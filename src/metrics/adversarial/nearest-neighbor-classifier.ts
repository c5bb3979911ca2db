import type { Matrix } from '../../math/matrix';
import { distanceBlocks } from '../divergence/distance-blocks';

/**
 * The `neighbors` nearest samples of other folds, of every sample: what a k-NN classifier trained on these folds asks.
 * Of equally near ones those that come first.
 *
 * @param samples  n × d
 * @returns n × neighbors indices
 */
export function neighborsInOtherFolds(
  samples: Matrix,
  { folds, neighbors }: { folds: Uint8Array; neighbors: number },
): Int32Array {
  const indices = new Int32Array(samples.rows * neighbors).fill(-1);
  const nearest = new Float64Array(indices.length).fill(Number.POSITIVE_INFINITY);
  for (const { row, column, rows, columns, data, stride } of distanceBlocks(samples, samples)) {
    for (let i = row; i < row + rows; i++) {
      const base = i * neighbors;
      for (let j = column; j < column + columns; j++) {
        const squared = data[(i - row) * stride + j - column];
        if (folds[i] === folds[j] || squared >= nearest[base + neighbors - 1]) continue;
        let place = base + neighbors - 1;
        for (; place > base && nearest[place - 1] > squared; place--) {
          nearest[place] = nearest[place - 1];
          indices[place] = indices[place - 1];
        }
        nearest[place] = squared;
        indices[place] = j;
      }
    }
  }
  return indices;
}

/**
 * D of every sample by the labels of its neighbors, each label weighing the same whatever its count among the samples
 * that the classifier was trained on.
 */
export function neighborVotes(
  indices: Int32Array,
  { labels, folds, foldCount }: { labels: Uint8Array; folds: Uint8Array; foldCount: number },
): Float64Array {
  const neighbors = indices.length / labels.length;
  const trained = Array.from({ length: foldCount }, () => [0, 0]);
  labels.forEach((label, i) => {
    for (let fold = 0; fold < foldCount; fold++) if (fold !== folds[i]) trained[fold][label]++;
  });
  return Float64Array.from(labels, (_, i) => {
    const votes = [0, 0];
    for (let k = 0; k < neighbors; k++) votes[labels[indices[i * neighbors + k]]]++;
    const [generated, real] = votes.map((vote, label) => vote / Math.max(trained[folds[i]][label], 1));
    return real / (real + generated);
  });
}
