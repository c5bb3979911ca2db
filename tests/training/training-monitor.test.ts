import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrainingMonitor } from '../../src/training/training-monitor';
import { codeOf } from '../metrics/code-of';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-monitor-'));
  file = path.join(folder, 'run', 'scores.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const lines = () => readFileSync(file, 'utf8').split('\n');
const steps = ({ records }: TrainingMonitor) => records.map(({ step }) => step);

function recorded(...given: number[]): TrainingMonitor {
  const monitor = new TrainingMonitor({ file });
  for (const step of given) monitor.record({ step, fid: 100 / step });
  return monitor;
}

describe('the history of a run', () => {
  it('is in the file when a record returns, a whole line each', () => {
    const monitor = new TrainingMonitor({ file });
    for (const step of [10, 20, 30]) {
      monitor.record({ step, fid: step, n: 500, seconds: 1.5 });
      expect(lines().at(-1)).toBe('');
      expect(JSON.parse(lines().at(-2)!)).toMatchObject({ step, fid: step, n: 500, seconds: 1.5 });
    }
    expect(lines()).toHaveLength(4);
  });

  it('is found again by the next process', () => {
    const before = recorded(1, 2, 3).records;
    const monitor = new TrainingMonitor({ file });
    expect(monitor.records).toEqual(before);
    monitor.record({ step: 4, fid: 1 });
    expect(steps(new TrainingMonitor({ file }))).toEqual([1, 2, 3, 4]);
    expect(monitor.warnings).toEqual([]);
  });

  it('needs no file', () => {
    const monitor = new TrainingMonitor();
    monitor.record({ step: 1, fid: 3, timestamp: '2026-01-01T00:00:00Z' });
    expect(monitor.records).toEqual([{ step: 1, fid: 3, timestamp: '2026-01-01T00:00:00Z' }]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('torn anywhere in its last line, loses that record at most and says so', () => {
    const whole = recorded(1, 2, 3);
    const text = readFileSync(file, 'utf8');
    const start = text.lastIndexOf('\n', text.length - 2) + 1;
    fc.assert(
      fc.property(fc.integer({ min: start, max: text.length }), (length) => {
        writeFileSync(file, text.slice(0, length));
        const heard: string[] = [];
        const monitor = new TrainingMonitor({ file, onWarning: ({ code }) => heard.push(code) });
        const kept = length >= text.length - 1 ? 3 : 2;
        expect(monitor.records).toEqual(whole.records.slice(0, kept));
        expect(heard).toEqual(length > start && kept === 2 ? ['HISTORY_LINE_TORN'] : []);
        monitor.record({ step: 4, fid: 1 });
        expect(lines().map((line) => line && JSON.parse(line).step)).toEqual(
          [1, 2, 3, 4].filter((s) => s <= kept || s > 3).concat('' as never),
        );
      }),
    );
  });

  it('with a line in the middle that is no record is an error, and is left as it is', () => {
    recorded(1, 2, 3);
    for (const line of ['{"step":2,"fid"', '[]', '{"step":"2"}', '{"step":1}']) {
      const text = [lines()[0], line, lines()[2], ''].join('\n');
      writeFileSync(file, text);
      expect(codeOf(() => new TrainingMonitor({ file }))).toBe('CORRUPT_FILE');
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  });

  it('resumed at a checkpoint loses the records after it', () => {
    const monitor = recorded(10, 20, 30, 40);
    expect(monitor.resume(25)).toBe(2);
    expect(monitor.warnings.map(({ code }) => code)).toEqual(['HISTORY_CUT']);
    expect(steps(new TrainingMonitor({ file }))).toEqual([10, 20]);
    expect(monitor.resume(20)).toBe(0);
    expect(readdirSync(path.dirname(file))).toEqual(['scores.jsonl']);
  });

  it('told of a step that it has had is cut there', () => {
    const monitor = recorded(10, 20, 30);
    monitor.record({ step: 20, fid: 7 });
    expect(steps(monitor)).toEqual([10, 20]);
    expect(new TrainingMonitor({ file }).records.at(-1)).toMatchObject({ step: 20, fid: 7 });
    expect(monitor.warnings[0]).toMatchObject({ code: 'HISTORY_CUT' });
  });

  it('whatever is recorded, resumed and reopened, is that of the steps since the last return', () => {
    const action = fc.oneof(
      fc.record({ record: fc.nat({ max: 30 }) }),
      fc.record({ resume: fc.nat({ max: 30 }) }),
      fc.constant({ reopen: true }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
        rmSync(path.dirname(file), { recursive: true, force: true });
        let monitor = new TrainingMonitor({ file });
        let expected: number[] = [];
        for (const each of actions) {
          if ('record' in each) {
            monitor.record({ step: each.record, loss: Number.NaN });
            expected = [...expected.filter((step) => step < each.record), each.record];
          } else if ('resume' in each) {
            monitor.resume(each.resume);
            expected = expected.filter((step) => step <= each.resume);
          } else monitor = new TrainingMonitor({ file });
          expect(steps(monitor)).toEqual(expected);
        }
        expect(steps(new TrainingMonitor({ file }))).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps scores that are not finite, and finds them after a restart', () => {
    new TrainingMonitor({ file }).record({ step: 5, fid: Number.NaN, loss: Number.NEGATIVE_INFINITY });
    const monitor = new TrainingMonitor({ file });
    expect(monitor.records[0]).toMatchObject({ fid: Number.NaN, loss: Number.NEGATIVE_INFINITY });
    expect(monitor.divergence('fid')).toMatchObject({ diverged: true, kind: 'not finite', step: 5 });
    expect(monitor.best('fid')).toBeUndefined();
  });

  it('is not touched by a record that is refused', () => {
    const monitor = recorded(1, 2);
    const before = readFileSync(file, 'utf8');
    expect(codeOf(() => monitor.record({ step: 3, fid: 'low' }))).toBe('INVALID_OPTION');
    expect(codeOf(() => monitor.resume(-1))).toBe('INVALID_OPTION');
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(steps(monitor)).toEqual([1, 2]);
  });
});

describe('the options of a monitor', () => {
  it('know the directions of the library, by id, by number, and by both', () => {
    const monitor = new TrainingMonitor({ scores: { loss: { better: 'lower' } } });
    const directions = [
      'fid',
      'is',
      'precision',
      'prdc',
      'prdc.recall',
      'f8',
      'one-nn',
      'loss',
      'modes',
      'value',
      'fdi',
    ];
    expect(directions.map((name) => monitor.directionOf(name))).toEqual([
      'lower',
      'higher',
      'higher',
      'higher',
      'higher',
      'higher',
      'lower',
      'lower',
      'higher',
      undefined,
      undefined,
    ]);
  });

  it('are refused with a name or value that is wrong, before the file is touched', () => {
    const wrong: unknown[] = [
      { scores: { fdi: {} } },
      { scores: { loss: { better: 'smaller' } } },
      { scores: { fid: { better: 'higher' } } },
      { scores: { fid: { beter: 'lower' } } },
      { scorse: {} },
      { confidence: 1 },
      { plateau: { records: 5 } },
      { plateau: { patience: 10 } },
      { divergence: { level: 0 } },
      { persistence: 0 },
      { collapse: { recalLost: false } },
      { collapse: { mine: { variety: 'modse', quality: 'highQuality' } } },
      { collapse: { mine: { variety: 'modes' } } },
      { collapse: { mine: { variety: 'modes', quality: 'highQuality', share: 0.5 } } },
      { collapse: { mine: { variety: 'modes', quality: 'highQuality', lost: 2 } } },
      { collapse: { mine: { variety: 'modes', quality: 'highQuality', full: 0 } } },
    ];
    for (const options of wrong) {
      expect(codeOf(() => new TrainingMonitor({ file, ...(options as object) }))).toBe('INVALID_OPTION');
    }
    expect(existsSync(file)).toBe(false);
  });

  it('do not let a score be asked for that is not known', () => {
    const monitor = new TrainingMonitor();
    monitor.record({ step: 1, loss: 2 });
    expect(codeOf(() => monitor.best('fdi'))).toBe('INVALID_OPTION');
    expect(codeOf(() => monitor.plateau('loss'))).toBe('INVALID_OPTION');
    expect(codeOf(() => monitor.divergence('fdi'))).toBe('INVALID_OPTION');
    expect(monitor.divergence('loss').diverged).toBe(false);
  });
});
