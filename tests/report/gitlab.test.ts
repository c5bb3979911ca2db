import { Ajv2020 } from 'ajv/dist/2020';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toGitLabCodeQuality, toGitLabMetrics } from '../../src/report/gitlab';
import { oneLine } from '../../src/report/plain-text';
import { anyReport, HOSTILE, report, reportOf, row, suite } from './gate-reports';

/** The form that GitLab documents for a code quality report. */
const validate = new Ajv2020({ allErrors: true }).compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', minLength: 1, not: { pattern: '^(\\./|/|\\.\\./)' } },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
});

interface Issue {
  readonly description: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

const issuesOf = (...args: Parameters<typeof toGitLabCodeQuality>): Issue[] =>
  JSON.parse(toGitLabCodeQuality(...args));

describe('toGitLabCodeQuality', () => {
  it('has the documented form, whatever the report, and no byte order mark', () => {
    fc.assert(
      fc.property(anyReport, (given) => {
        const text = toGitLabCodeQuality(given);
        expect(text[0]).toBe('[');
        validate(JSON.parse(text));
        expect(validate.errors ?? []).toEqual([]);
      }),
    );
  });

  it('lists what is not as it should be, worst first, and nothing else', () => {
    expect(issuesOf(report()).map(({ severity }) => severity)).toEqual([
      'blocker',
      'critical',
      'major',
      'minor',
      'info',
    ]);
    expect(issuesOf(report([suite([row()])]))).toEqual([]);
  });

  it('knows a finding again by suite and metric, not by its value', () => {
    const print = (changes: Parameters<typeof row>[0]) =>
      issuesOf(report([suite([row({ verdict: 'regressed', fails: true, ...changes })])]))[0].fingerprint;
    expect(print({ value: 13 })).toBe(print({ value: 14, reason: 'Another.', line: 99 }));
    expect(print({ metric: 'kid' })).not.toBe(print({ metric: 'fid' }));
    expect(print({ suite: 'cats' })).not.toBe(print({ suite: 'faces' }));
  });

  it('points at the line of the configuration, from the root of the repository', () => {
    const [first] = issuesOf(report(), { prefix: 'a/b/' });
    expect(first.location).toEqual({ path: 'a/b/gan-metrics.config.json', lines: { begin: 10 } });
  });

  it('says what is the matter and what to do', () => {
    const [, , regressed] = issuesOf(report());
    expect(regressed.description).toBe(
      'regressed: recall of faces is 12.3457. This is why it is regressed. ' +
        'Look at the worst images, or renew the baseline if this is meant.',
    );
  });

  it.each(HOSTILE.filter(({ length }) => length < 1000))('holds hostile text on one line: %j', (text) => {
    const [{ description }] = issuesOf(reportOf(text));
    expect(description).toBe(oneLine(`regressed: ${text} of ${text} is 12.3457. ${text} ${text}`).trim());
  });
});

describe('toGitLabMetrics', () => {
  const SAMPLE =
    /^gan_metrics_value\{suite="((?:[^"\\]|\\[\\"n])*)",metric="((?:[^"\\]|\\[\\"n])*)"\} (\S+)$/;

  it('is OpenMetrics, whatever the report', () => {
    fc.assert(
      fc.property(anyReport, (given) => {
        const lines = toGitLabMetrics(given).split('\n');
        expect(lines.slice(-2)).toEqual(['# EOF', '']);
        const rows = given.suites.flatMap((each) => each.rows).filter(({ value }) => value !== null);
        const samples = lines.slice(2, -2).map((line) => line.match(SAMPLE)!);
        const plain = (text: string) => text.replace(/\\(.)/g, '$1');
        expect(samples.map(([, suite, metric]) => [plain(suite), plain(metric)])).toEqual(
          rows.map(({ suite, metric }) => [oneLine(suite), oneLine(metric)]),
        );
        samples.forEach(([, , , value], i) => {
          expect(Math.abs(Number(value) - rows[i].value!)).toBeLessThanOrEqual(
            Math.abs(rows[i].value!) * 1e-5,
          );
        });
      }),
    );
  });

  it('has six digits of every value, since GitLab compares them as text', () => {
    const text = toGitLabMetrics(report([suite([row({ value: 12.3 }), row({ metric: 'kid', value: 0.5 })])]));
    expect(text).toContain('gan_metrics_value{suite="faces",metric="fid"} 12.3000\n');
    expect(text).toContain('gan_metrics_value{suite="faces",metric="kid"} 0.500000\n');
  });
});
