import { describe, expect, it } from 'vitest';
import { assembleReport, exitCodeOf } from '../../src/gate/assemble';
import type { GateRow, GateSuite, Verdict } from '../../src/gate/gate-report';
import { toGateText } from '../../src/gate/gate-text';
import { type Case, judgeCases, missingRow } from '../../src/gate/rows';
import { caseWith, entryWith, FAIL_ON, ruleWith } from './cases';

const judgeOne = (given: Case, failOn: readonly Verdict[] = FAIL_ON): GateRow =>
  judgeCases([given], { failOn, adjust: 'none' })[0];

describe('a row', () => {
  it('shows old, new, change, what is allowed, images, reason and next step', () => {
    const row = judgeOne(caseWith({ now: entryWith({ value: 12 }) }));
    expect(row).toMatchObject({
      verdict: 'regressed',
      fails: true,
      value: 12,
      baseline: { value: 9.9 },
      change: { value: 2.1, method: 'independent' },
      allowed: 1,
      n: { real: 1000, generated: 1000 },
    });
    expect(row.reason).toMatch(/^Worse by 2\.1 \[/);
    expect(row.next).toContain('gan-metrics check cats --update-baseline');
  });

  it('of a metric that is better higher is worse where it falls', () => {
    const rule = ruleWith({ facts: { better: 'higher', range: [0, 1] }, regression: { abs: 0.01, rel: 0 } });
    const old = entryWith({ value: 0.8, standardError: 0.01 });
    const fallen = entryWith({ value: 0.6, standardError: 0.01 });
    const risen = entryWith({ value: 0.95, standardError: 0.01 });
    expect(judgeOne(caseWith({ rule, old, now: fallen })).verdict).toBe('regressed');
    expect(judgeOne(caseWith({ rule, old, now: risen })).verdict).toBe('improved');
  });

  it('without an entry in the baseline is new, with the command that makes one', () => {
    expect(judgeOne(caseWith({ old: undefined }))).toMatchObject({
      verdict: 'incomparable',
      fails: true,
      baseline: null,
      reason: expect.stringMatching(/^new: /),
      next: 'To make one: gan-metrics check cats --update-baseline',
    });
  });

  it('needs no entry where only limits are asked for', () => {
    const rule = ruleWith({ max: 11 });
    expect(judgeOne(caseWith({ rule, old: undefined }))).toMatchObject({ verdict: 'pass', baseline: null });
  });

  it.each([
    ['model', { model: { id: 'inception-v3', sha256: 'b'.repeat(64) } }],
    ['preprocessing', { preprocessing: 'tf1' }],
    ['dims', { dims: 768 }],
    ['input', { input: { width: 300, height: 299, crop: null, scaling: null } }],
    ['compat', { compat: 'clean-fid' }],
    ['parameters', { parameters: { splits: 5 } }],
    ['algorithm', { algorithm: 2 }],
    ['reference', { reference: 'sha256:other' }],
    ['n.real', { n: { real: 500, generated: 1000 } }],
    ['n.generated', { n: { real: 1000, generated: 500 } }],
    ['contents.real', { contents: { real: 'sha256:other', generated: 'sha256:10' } }],
  ] as const)('that differs in %s cannot be compared, and says in what', (field, more) => {
    const row = judgeOne(caseWith({ now: entryWith({ value: 20 }, more) }));
    expect(row).toMatchObject({ verdict: 'incomparable', fails: true, change: null });
    expect(row.differences.map((difference) => difference.field)).toEqual([field]);
    expect(row.reason).toContain(field);
    expect(row.next).toContain('--update-baseline');
  });

  it('compares what is unbiased across numbers of images', () => {
    const rule = ruleWith({ sizeFree: true, regression: { abs: 1, rel: 0 } });
    const now = entryWith(
      { value: 10 },
      { n: { real: 500, generated: 500 }, contents: { real: 'x', generated: 'y' } },
    );
    expect(judgeOne(caseWith({ rule, now })).verdict).toBe('pass');
  });

  it('does not look at the real images of a metric that does not', () => {
    const rule = ruleWith({ usesReal: false, regression: { abs: 1, rel: 0 } });
    const old = entryWith({ value: 10 }, { reference: null, n: { real: null, generated: 1000 } });
    const now = entryWith({ value: 10.1 }, { reference: null, n: { real: null, generated: 1000 } });
    expect(judgeOne(caseWith({ rule, old, now })).verdict).toBe('pass');
  });

  it('of fewer images than minN is an error, whatever its level', () => {
    const rule = ruleWith({ minN: 1001, level: 'warn', max: 100 });
    expect(judgeOne(caseWith({ rule }))).toMatchObject({
      verdict: 'error',
      fails: true,
      reason: '1000 generated images and 1000 real images: fewer than minN, which is 1001.',
    });
  });

  it('of a metric that failed is an error with its code', () => {
    const outcome = { label: 'KID', error: { code: 'TOO_FEW_SAMPLES', message: 'Expected more.' } };
    expect(judgeOne(caseWith({ outcome }))).toMatchObject({
      verdict: 'error',
      fails: true,
      value: null,
      reason: 'TOO_FEW_SAMPLES: Expected more.',
    });
  });

  it('takes the worse of limit and regression', () => {
    const rule = ruleWith({ max: 5, regression: { abs: 1, rel: 0 } });
    expect(judgeOne(caseWith({ rule, now: entryWith({ value: 12 }) })).verdict).toBe('over limit');
    const within = ruleWith({ max: 50, regression: { abs: 1, rel: 0 } });
    expect(judgeOne(caseWith({ rule: within, now: entryWith({ value: 12 }) })).verdict).toBe('regressed');
    expect(judgeOne(caseWith({ rule: within, old: undefined })).verdict).toBe('incomparable');
  });

  it('that only warns fails nothing', () => {
    const rule = ruleWith({ regression: { abs: 1, rel: 0 }, level: 'warn' });
    expect(judgeOne(caseWith({ rule, now: entryWith({ value: 12 }) }))).toMatchObject({
      verdict: 'regressed',
      fails: false,
    });
  });

  it('fails by the verdicts that failOn names', () => {
    const undecided = caseWith({ rule: ruleWith({ regression: { abs: 0, rel: 0 } }) });
    expect(judgeOne(undecided)).toMatchObject({ verdict: 'inconclusive', fails: false });
    expect(judgeOne(undecided, ['inconclusive']).fails).toBe(true);
    expect(judgeOne(caseWith({ now: entryWith({ value: 12 }) }), ['over limit']).fails).toBe(false);
  });

  it('says what a run like this one could have found', () => {
    const { detectable } = judgeOne(caseWith());
    // t + (z of 97.5 % + z of 80 %) · √2 · 0.1
    expect(detectable).toBeCloseTo(1 + (1.959964 + 0.841621) * Math.SQRT2 * 0.1, 5);
  });

  it('is missing where the baseline has what nothing asks for', () => {
    const row = missingRow(
      { suite: 'cats', key: 'kid', entry: entryWith({ value: 1 }) },
      { failOn: FAIL_ON, renew: 'x' },
    );
    expect(row).toMatchObject({
      verdict: 'incomparable',
      fails: true,
      baseline: { value: 1 },
      metric: 'kid',
    });
    expect(row.reason).toMatch(/^missing: /);
  });
});

describe("Holm's method", () => {
  const old = entryWith({ value: 10, standardError: 0.1 });
  // Worse by 2.3 standard errors more than nothing: a regression alone, and not as one of five.
  const worse = (z: number) =>
    caseWith({
      rule: ruleWith({ regression: { abs: 0, rel: 0 } }),
      old,
      now: entryWith({ value: 10 + z * 0.1 * Math.SQRT2, standardError: 0.1 }),
    });
  const verdicts = (cases: readonly Case[], adjust: 'none' | 'holm') =>
    judgeCases(cases, { failOn: FAIL_ON, adjust }).map(({ verdict }) => verdict);

  it('asks for more where several changes are judged at once', () => {
    const cases = [worse(2.3), worse(0.1), worse(0.2), worse(-0.1), worse(0.3)];
    expect(verdicts(cases, 'none')[0]).toBe('regressed');
    expect(verdicts(cases, 'holm')[0]).toBe('inconclusive');
    expect(verdicts([worse(2.3)], 'holm')).toEqual(['regressed']);
  });

  it('counts those that are regressed no more for the next one', () => {
    const cases = [worse(4), worse(2.3)];
    // As one of two 2.3 is beyond 2.24; as one of one beyond 1.96.
    expect(verdicts(cases, 'holm')).toEqual(['regressed', 'regressed']);
    expect(verdicts([worse(2.1), worse(2.1)], 'holm')).toEqual(['inconclusive', 'inconclusive']);
    expect(verdicts([worse(4), worse(2.1)], 'holm')).toEqual(['regressed', 'regressed']);
  });

  it('leaves alone what nothing is left to chance in', () => {
    const same = caseWith({
      rule: ruleWith({ regression: { abs: 0, rel: 0 } }),
      old,
      now: entryWith({ value: 10 }, { contents: old.contents }),
    });
    expect(verdicts([same, same, same, worse(2.1)], 'holm')).toEqual(['pass', 'pass', 'pass', 'regressed']);
  });
});

describe('the exit code', () => {
  const row = (verdict: Verdict, fails = true) => ({ ...judgeOne(caseWith()), verdict, fails });

  it.each([
    [['pass', 'improved'], 0],
    [['regressed'], 1],
    [['over limit'], 1],
    [['incomparable'], 1],
    [['inconclusive'], 3],
    [['inconclusive', 'regressed'], 1],
    [['inconclusive', 'regressed', 'error'], 2],
  ] as const)('of %o that fail is %d: 2 before 1 before 3', (verdicts, code) => {
    expect(exitCodeOf(verdicts.map((verdict) => row(verdict, !['pass', 'improved'].includes(verdict))))).toBe(
      code,
    );
  });

  it('is 0 where what is bad does not fail, but for errors', () => {
    expect(exitCodeOf([row('regressed', false), row('inconclusive', false)])).toBe(0);
    expect(exitCodeOf([row('error', false)])).toBe(2);
  });

  it('is 2 where nothing was judged', () => {
    expect(exitCodeOf([])).toBe(2);
  });
});

describe('toGateText', () => {
  const frame = {
    failOn: FAIL_ON,
    config: 'gan-metrics.config.ts',
    baseline: 'gan-metrics.baseline.json',
    startedAt: '2026-01-01T00:00:00.000Z',
    seconds: 1,
    version: '1.0.0',
  };
  const suiteOf = (rows: readonly GateRow[], name = 'cats'): GateSuite => ({
    name,
    real: 'real',
    generated: 'generated',
    seconds: 1,
    provenance: null,
    rows,
    error: null,
  });

  it('puts the worst on top, and the verdict at the end', () => {
    const rows = judgeCases(
      [
        caseWith(),
        caseWith({ now: entryWith({ value: 5 }) }),
        caseWith({ old: undefined }),
        caseWith({ now: entryWith({ value: 20 }) }),
      ],
      { failOn: FAIL_ON, adjust: 'none' },
    );
    const report = assembleReport([suiteOf(rows)], frame);
    expect(report).toMatchObject({ verdict: 'regressed', exitCode: 1, counts: { pass: 1, improved: 1 } });
    const lines = toGateText(report).split('\n');
    const verdicts = lines.map((line) => line.split(/ {2,}/)[0]).filter((word) => word !== '');
    expect(verdicts).toEqual([
      'verdict',
      'regressed',
      'incomparable',
      'improved',
      'pass',
      'failed: 1 regressed, 1 incomparable, 1 improved, 1 pass',
    ]);
  });

  it('says why a suite was not evaluated, and that ends with 2', () => {
    const error = { code: 'NO_IMAGES', message: 'No images in x.' };
    const report = assembleReport([{ ...suiteOf([]), error }], frame);
    expect(report).toMatchObject({ verdict: 'error', exitCode: 2 });
    expect(toGateText(report)).toContain('cats could not be evaluated: NO_IMAGES: No images in x.');
  });

  it('lets no name steer the terminal', () => {
    const rule = ruleWith({ suite: 'cats\u001b[2J\u202e', max: 1 });
    const [row] = judgeCases([caseWith({ rule, old: undefined })], { failOn: FAIL_ON, adjust: 'none' });
    const text = toGateText(assembleReport([suiteOf([row])], frame));
    for (const hostile of ['\u001b', '\u202e']) expect(text).not.toContain(hostile);
    expect(text).toContain('cats\ufffd[2J');
  });
});
