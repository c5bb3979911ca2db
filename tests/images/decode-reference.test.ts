import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/images/decode';
import { hasReference, reference } from '../reference';
import { sha256 } from './pixels';

type Expected = { sha256_rgb8?: string; shape_hwc?: number[]; error?: string };

describe.skipIf(!hasReference)('decodeImage against the reference folder (skipped without it)', () => {
  const folder = reference('golden', 'decode');
  const files = hasReference
    ? (JSON.parse(readFileSync(`${folder}/values.json`, 'utf8')).files as Record<string, Expected>)
    : {};

  it.each(Object.keys(files))('%s: every byte, or an error, as Pillow has it', async (name) => {
    const { sha256_rgb8, shape_hwc, error } = files[name];
    const decoded = decodeImage(readFileSync(`${folder}/${name}`), name);
    if (error) {
      await expect(decoded).rejects.toMatchObject({
        code: expect.stringMatching(/CORRUPT_FILE|UNSUPPORTED_IMAGE/),
      });
      return;
    }
    const { width, height, data } = await decoded;
    expect([height, width, 3]).toEqual(shape_hwc);
    expect(sha256(data)).toBe(sha256_rgb8);
  });

  it('the images behind the reference features', async () => {
    const { images } = JSON.parse(readFileSync(reference('golden', 'images', 'resize.json'), 'utf8'));
    for (const [name, { input_sha256_rgb8 }] of Object.entries<{ input_sha256_rgb8: string }>(images)) {
      const { data } = await decodeImage(readFileSync(reference('golden', 'images', name)), name);
      expect(sha256(data), name).toBe(input_sha256_rgb8);
    }
  });
});
