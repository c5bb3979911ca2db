import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../../src/models/store/cache-folder';

describe('cacheFolder', () => {
  it('is the one that GAN_METRICS_CACHE names', () => {
    expect(cacheFolder({ GAN_METRICS_CACHE: 'some/cache' })).toBe(path.resolve('some/cache'));
  });

  it("is the user's own where none is named, also by an empty variable", () => {
    const own = cacheFolder({});
    expect(path.isAbsolute(own)).toBe(true);
    expect(own.split(path.sep)).toContain('gan-metrics');
    expect(cacheFolder({ GAN_METRICS_CACHE: '' })).toBe(own);
  });
});
