import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import { createRandom } from '../../src/math/random';
import { takeRows } from '../../src/math/take-rows';
import { fid, fidInterval, fidPerClass } from '../../src/metrics';
import { codeOf } from './code-of';
import { population } from './gaussian-population';

const random = createRandom(1);
const [cat, dog] = [population(3, { seed: 1, shift: 2 }), population(3, { seed: 2, shift: 2 })];

function stacked(parts: readonly Matrix[]): Matrix {
  const data = Float32Array.from(parts.flatMap((part) => [...part.data]));
  return { rows: data.length / 3, columns: 3, data };
}

const labelsOf = (counts: Record<string, number>) =>
  Object.entries(counts).flatMap(([label, count]) => Array<string>(count).fill(label));

const real = stacked([cat.draw(30, random), dog.draw(40, random)]);
const generated = stacked([cat.draw(25, random), dog.draw(20, random)]);
const labels = { real: labelsOf({ cat: 30, dog: 40 }), generated: labelsOf({ cat: 25, dog: 20 }) };

const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('fidPerClass', () => {
  it('is the fid of the rows of each class, and their mean', () => {
    const { value, classes, warnings } = fidPerClass({ real, generated }, { labels });
    const cats = fid(takeRows(real, rows(0, 30)), takeRows(generated, rows(0, 25))).value;
    const dogs = fid(takeRows(real, rows(30, 70)), takeRows(generated, rows(25, 45))).value;
    expect(classes).toEqual({
      cat: { value: cats, n: { real: 30, generated: 25 } },
      dog: { value: dogs, n: { real: 40, generated: 20 } },
    });
    expect(value).toBe((cats + dogs) / 2);
    expect(warnings).toEqual([]);
  });

  it('does not depend on the order of rows', () => {
    const order = createRandom(2).draw(45, 45);
    const shuffled = fidPerClass(
      { real, generated: takeRows(generated, order) },
      { labels: { real: labels.real, generated: order.map((i) => labels.generated[i]) } },
    );
    const { value } = fidPerClass({ real, generated }, { labels });
    expect(Math.abs(shuffled.value / value - 1)).toBeLessThan(1e-9);
  });

  it('rises where classes are drawn for one another, which fid does not see', () => {
    const swapped = {
      ...labels,
      generated: labels.generated.map((label) => (label === 'cat' ? 'dog' : 'cat')),
    };
    const { value } = fidPerClass({ real, generated }, { labels });
    expect(fidPerClass({ real, generated }, { labels: swapped }).value).toBeGreaterThan(3 * value);
  });

  it('leaves out classes that one side has fewer than two of, and says which', () => {
    const { classes, warnings } = fidPerClass(
      { real, generated },
      {
        labels: {
          real: labelsOf({ cat: 30, dog: 39, eel: 1 }),
          generated: labelsOf({ cat: 25, dog: 18, ant: 2 }),
        },
      },
    );
    expect(Object.keys(classes)).toEqual(['cat', 'dog']);
    expect(warnings.map(({ code }) => code)).toEqual(['CLASSES_LEFT_OUT']);
    expect(warnings[0].message).toContain('2 classes (ant, eel)');
  });

  it('names the classes with no more samples than dimensions', () => {
    const { warnings } = fidPerClass(
      { real, generated },
      { labels: { real: labels.real, generated: labelsOf({ cat: 42, dog: 3 }) } },
    );
    expect(warnings.map(({ code }) => code)).toEqual(['FEWER_SAMPLES_THAN_DIMENSIONS']);
    expect(warnings[0].message).toContain('1 class (dog)');
  });

  it('refuses labels that do not fit, and sets without a common class', () => {
    const code = (own: typeof labels) => codeOf(() => fidPerClass({ real, generated }, { labels: own }));
    expect(code({ ...labels, real: labels.real.slice(1) })).toBe('SHAPE_MISMATCH');
    expect(code({ ...labels, generated: Array(45).fill('eel') })).toBe('TOO_FEW_SAMPLES');
    const other = population(4, { seed: 1 }).draw(45, random);
    expect(codeOf(() => fidPerClass({ real, generated: other }, { labels }))).toBe('SHAPE_MISMATCH');
  });

  it('has the interval of fid in every class, and of the mean one of a sum of independent values', () => {
    const { value, interval, classes } = fidPerClass({ real, generated }, { labels, confidence: 0.9 });
    const cats = fidInterval(
      { real: takeRows(real, rows(0, 30)), generated: takeRows(generated, rows(0, 25)) },
      { confidence: 0.9 },
    );
    expect(classes.cat.interval).toEqual(cats);
    const errors = Object.values(classes).map((each) => each.interval!.standardError);
    expect(interval!.standardError).toBeCloseTo(Math.hypot(...errors) / 2, 12);
    expect((interval!.low + interval!.high) / 2).toBeCloseTo(value, 12);
  });

  it('has an interval that holds the expected mean as often as it says', () => {
    const draws = createRandom(3);
    const own = labelsOf({ cat: 30, dog: 30 });
    const runs = Array.from({ length: 30 }, () => {
      const [x, y] = [0, 1].map(() => stacked([cat.draw(30, draws), dog.draw(30, draws)]));
      return fidPerClass(
        { real: x, generated: y },
        { labels: { real: own, generated: own }, confidence: 0.95 },
      );
    });
    const expected = runs.reduce((sum, each) => sum + each.value, 0) / runs.length;
    const held = runs.filter(({ interval }) => interval!.low <= expected && expected <= interval!.high);
    // With a coverage of 0.95 fewer than 24 of 30 have a probability of 6e-4.
    expect(held.length).toBeGreaterThanOrEqual(24);
  });
});
