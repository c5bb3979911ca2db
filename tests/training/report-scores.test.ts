import { describe, expect, it } from 'vitest';
import { metrics } from '../../src/metrics/registry';
import { scoresOf } from '../../src/training/report-scores';
import { TrainingMonitor } from '../../src/training/training-monitor';

const interval = { low: 1, high: 3, standardError: 0.5, confidence: 0.95, method: 'blocks', of: 'it' };

describe('the scores of a report', () => {
  it('are its numbers with their intervals, and nothing else', () => {
    const report = {
      metrics: {
        fid: { metric: 'FID', value: 2, intervals: { value: interval }, meanTerm: 5, warnings: [] },
        prdc: { precision: 0.5, recall: 0.4, density: 1, coverage: 0.9, fScore: 0.44, neighbors: 5 },
      },
    };
    expect(scoresOf(report)).toEqual({
      fid: { value: 2, low: 1, high: 3, standardError: 0.5 },
      precision: { value: 0.5 },
      recall: { value: 0.4 },
      density: { value: 1 },
      coverage: { value: 0.9 },
      fScore: { value: 0.44 },
    });
  });

  it('have, of every metric, a name of their own whose direction the monitor knows', () => {
    const outcomes = Object.values(metrics).map(({ id, values }) => [
      id,
      Object.fromEntries(Object.keys(values).map((name) => [name, 1])),
    ]);
    const numbers = Object.values(metrics).flatMap(({ values }) => Object.values(values));
    const names = Object.keys(scoresOf({ metrics: Object.fromEntries(outcomes) }));
    const monitor = new TrainingMonitor();
    expect(names.map((name) => monitor.directionOf(name))).toEqual(numbers.map(({ better }) => better));
  });
});
