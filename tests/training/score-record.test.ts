import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord, type ScoreRecord, toRecord } from '../../src/training/score-record';
import { codeOf } from '../metrics/code-of';

const number = fc.double();
const estimate = fc.record(
  { value: number, low: number, high: number, standardError: number },
  { requiredKeys: ['value'] },
);
const name = fc
  .string({ minLength: 1 })
  .filter((text) => !['step', 'n', 'seconds', 'timestamp', 'notFinite'].includes(text));
const records: fc.Arbitrary<ScoreRecord> = fc
  .record(
    {
      step: fc.nat(),
      scores: fc.array(fc.tuple(name, fc.oneof(number, estimate))),
      n: fc.nat(),
      seconds: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    },
    { requiredKeys: ['step', 'scores'] },
  )
  .map(({ scores, ...rest }) => ({ ...Object.fromEntries(scores), ...rest }));

/** JSON has no −0. */
const plain = (record: ScoreRecord) =>
  JSON.stringify(record, (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );

describe('a record of scores', () => {
  it('comes back from its line as it was, finite or not', () => {
    fc.assert(
      fc.property(records, (given) => {
        const record = toRecord(given);
        expect(plain(decodeRecord(encodeRecord(record), 'it'))).toBe(plain(record));
      }),
    );
  });

  it('is one line, and JSON that any reader knows', () => {
    fc.assert(
      fc.property(records, (record) => {
        const line = encodeRecord(toRecord(record));
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(JSON.parse(line).step).toBe(record.step);
      }),
    );
  });

  it('writes what is not finite as null, and names it', () => {
    const line = encodeRecord({
      step: 3,
      loss: Number.NaN,
      fid: { value: 2, high: Number.POSITIVE_INFINITY },
    });
    expect(JSON.parse(line)).toEqual({
      step: 3,
      loss: null,
      fid: { value: 2, high: null },
      notFinite: { loss: 'NaN', fid: { high: 'Infinity' } },
    });
  });

  it('leaves out scores that are undefined, and of an interval what is no number', () => {
    const interval = {
      value: 1,
      low: 0,
      high: 2,
      standardError: 0.5,
      confidence: 0.95,
      method: 'blocks',
      of: 'it',
    };
    expect(toRecord({ step: 0, fid: interval, kid: undefined })).toEqual({
      step: 0,
      fid: { value: 1, low: 0, high: 2, standardError: 0.5 },
    });
  });

  it('is refused where a part is no step, count, time or score', () => {
    const wrong: unknown[] = [
      { step: -1 },
      { step: 0.5 },
      { fid: 1 },
      { step: 1, fid: '12' },
      { step: 1, fid: null },
      { step: 1, fid: { mean: 2 } },
      { step: 1, fid: { value: 2, low: '1' } },
      { step: 1, n: -5 },
      { step: 1, seconds: Number.NaN },
      { step: 1, timestamp: 'yesterday' },
      { step: 1, notFinite: 2 },
      { step: 1, '': 2 },
    ];
    for (const record of wrong) expect(codeOf(() => toRecord(record as ScoreRecord))).toBe('INVALID_OPTION');
  });
});
