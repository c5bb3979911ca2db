import { describe, expect, it } from 'vitest';
import { sampleSizeWarnings } from '../../src/metrics';
import { fidMetric } from '../../src/metrics/fid';

const codes = (n: Parameters<typeof sampleSizeWarnings>[1], metric = fidMetric as never) =>
  sampleSizeWarnings(metric, n).map(({ code }) => code);

describe('sampleSizeWarnings', () => {
  it('says nothing of sizes that are equal and what the paper asks for', () => {
    expect(codes({ real: 10_000, generated: 10_000 })).toEqual([]);
  });

  it('says where the sizes differ', () => {
    expect(codes({ real: 50_000, generated: 10_000 })).toEqual(['SAMPLE_SIZES_DIFFER']);
  });

  it('says which side is below what the paper asks for', () => {
    const warnings = sampleSizeWarnings(fidMetric, { real: 10_000, generated: 9999 });
    expect(warnings.map(({ code }) => code)).toEqual(['SAMPLE_SIZES_DIFFER', 'SAMPLE_BELOW_ADVISED']);
    expect(warnings[1].message).toContain('asks for 10000 images');
    expect(warnings[1].message).toContain('got 9999 generated:');
    expect(codes({ real: 100, generated: 100 })).toEqual(['SAMPLE_BELOW_ADVISED']);
  });

  it('judges what is known only', () => {
    expect(codes({ real: null, generated: 10_000 })).toEqual([]);
    expect(codes({ generated: 5 })).toEqual(['SAMPLE_BELOW_ADVISED']);
  });

  it('does not look at the real side of a metric of one set', () => {
    const metric = { name: 'one', sides: 'generated', advised: 10, source: 'a paper' } as const;
    expect(sampleSizeWarnings(metric, { real: 3, generated: 10 })).toEqual([]);
  });
});
