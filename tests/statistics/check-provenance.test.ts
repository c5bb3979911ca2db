import { describe, expect, it } from 'vitest';
import { checkProvenance, type ExpectedProvenance } from '../../src/statistics/check-provenance';
import {
  formatProvenance,
  parseProvenance,
  type StatisticsProvenance,
} from '../../src/statistics/provenance';

const provenance: StatisticsProvenance = {
  model: { id: 'inception-v3', sha256: 'a'.repeat(64) },
  preprocessing: 'clean',
  ddof: 1,
  dims: 2048,
  input: { width: 299, crop: null },
};
const { model, preprocessing, ddof, dims, input } = provenance;
const run: ExpectedProvenance = { by: 'this run', model, preprocessing, ddof, dims, input };
const file = { path: 'real.npz', provenance };

describe('checkProvenance', () => {
  it('has nothing to say where all agrees', () => {
    expect(checkProvenance(file, run)).toEqual([]);
  });

  it('takes a model for the same by its hash, whatever its name', () => {
    const renamed = { ...run, model: { ...run.model, id: 'models/mine/model.json' } };
    expect(checkProvenance(file, renamed)).toEqual([]);
  });

  it.each([
    [
      'model',
      { model: { id: 'cifar10-resnet', sha256: 'b'.repeat(64) } },
      /inception-v3.*cifar10-resnet.*--model inception-v3/,
    ],
    ['model', { model: { id: 'inception-v3', sha256: 'b'.repeat(64) } }, /aaaa.*bbbb/],
    ['preprocessing', { preprocessing: 'tf1' }, /preprocessing is clean.*this run is tf1/],
    ['input', { input: { width: 299, crop: 299 } }, /"crop":null.*"crop":299/],
    ['dims', { dims: 768 }, /dims is 2048.*768/],
    ['ddof', { ddof: 0 as const }, /ddof is 1.*0/],
  ])('stops where the %s is another, and names both', (field, other, message) => {
    expect(() => checkProvenance(file, { ...run, ...other })).toThrow(
      expect.objectContaining({
        code: 'PROVENANCE_MISMATCH',
        message: expect.stringMatching(message),
        details: expect.objectContaining({ field, path: 'real.npz' }),
      }),
    );
  });

  it('does not ask for a ddof where no covariance is used', () => {
    expect(checkProvenance(file, { ...run, ddof: undefined })).toEqual([]);
  });

  it('stops where the arrays themselves are of another width, whether the file says so or not', () => {
    const error = expect.objectContaining({ code: 'PROVENANCE_MISMATCH' });
    expect(() => checkProvenance({ path: 'peer.npz', provenance: null, dims: 64 }, run)).toThrow(error);
    expect(() => checkProvenance({ ...file, dims: 64 }, run)).toThrow(error);
  });

  it('warns of a file that does not say how it was made', () => {
    const warnings = checkProvenance({ path: 'peer.npz', provenance: null }, run);
    expect(warnings).toEqual([
      { code: 'PROVENANCE_UNKNOWN', message: expect.stringMatching(/peer\.npz.*inception-v3, clean/) },
    ]);
  });
});

describe('parseProvenance', () => {
  it('reads what formatProvenance wrote, and nothing that is no part of it', () => {
    const text = formatProvenance({ ...provenance, statistics: [1] } as StatisticsProvenance, '1.2.3');
    expect(parseProvenance(text, 'x.npz')).toEqual({ ...provenance, version: '1.2.3' });
  });

  it.each(['', 'null', '[]', '{', '{"model":{"id":"a"}}', '{"model":null}'])('refuses %j', (text) => {
    expect(() => parseProvenance(text, 'x.npz')).toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
  });
});
