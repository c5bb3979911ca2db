import type { Matrix } from '../../../src/math/matrix';
import type { Inequality } from '../../../src/metrics';
import { squaredDistances } from '../../math/neighbors/point-sets';

/** Precision, recall, density and coverage by their definitions, from all distances. */
export function bruteForcePrdc(
  { real, generated }: { real: Matrix; generated: Matrix },
  { neighbors: k, inequality }: { neighbors: number; inequality: Inequality },
) {
  const radii = (set: Matrix) =>
    squaredDistances(set, set).map((row, i) => row.filter((_, j) => j !== i).sort((a, b) => a - b)[k - 1]);
  const [r, s] = [radii(real), radii(generated)];
  const between = squaredDistances(real, generated);
  const isIn = (distance: number, radius: number) =>
    inequality === '<' ? distance < radius : distance <= radius;
  const inReal = between.map((row, i) => row.map((distance) => isIn(distance, r[i])));
  const inGenerated = between.map((row) => row.map((distance, j) => isIn(distance, s[j])));
  const mean = (flags: boolean[]) => flags.filter(Boolean).length / flags.length;
  const columns = s.map((_, j) => j);
  return {
    precision: mean(columns.map((j) => inReal.some((row) => row[j]))),
    recall: mean(inGenerated.map((row) => row.some(Boolean))),
    density: inReal.flat().filter(Boolean).length / (k * s.length),
    coverage: mean(inReal.map((row) => row.some(Boolean))),
  };
}
