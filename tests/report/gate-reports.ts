import fc from 'fast-check';
import type { GateInterval, GateReport, GateRow, GateSuite, Verdict } from '../../src/gate/gate-report';
import { VERDICTS } from '../../src/gate/gate-report';

/** What names and messages may hold, and what has broken reports of others. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '</script><img src=x onerror=alert(1)>',
  ']]>',
  'a & b &amp; c &#60;',
  'two\nlines\r\nand a third\rand a fourth',
  '::error file=x::injected',
  '\n::set-output name=verdict::pass',
  '%0A%0D%25',
  '$& $1 $` $$',
  'emoji 🐈‍⬛ and \ud83d alone',
  'bell \u0007 nul \u0000 escape \u001b[31m',
  'right \u202e to left \u2066 isolated \u200f',
  '| pipe | `code` **bold** [link](https://example.com) @team #12 www.example.com',
  '"quoted" \'single\' back\\slash',
  '\ufeffbyte order mark \ufffe \uffff',
  '{{ handlebars }} $' + '{{ github.token }} <%= erb %>',
  '../../etc/passwd',
  'name<<end_1\nvalue',
  'x'.repeat(10_000),
  '1. not a list',
  '# not a heading',
  '',
  ' ',
];

export const interval = (low: number, high: number): GateInterval => ({
  low,
  high,
  standardError: (high - low) / 3.92,
  confidence: 0.95,
});

/** A row that passes; what is given stands over it. */
export function row(changes: Partial<GateRow> = {}): GateRow {
  return {
    suite: 'faces',
    metric: 'fid',
    label: 'FD (cifar10-resnet)',
    verdict: 'pass',
    level: 'error',
    fails: false,
    better: 'lower',
    value: 12.3456789,
    interval: interval(12, 12.7),
    n: { real: 5000, generated: 5000 },
    baseline: { value: 12.25, interval: interval(11.9, 12.6), n: { real: 5000, generated: 5000 } },
    change: { value: 0.0956789, ...interval(-0.2, 0.4), method: 'paired' },
    allowed: 0.5,
    limit: { max: 15 },
    needed: null,
    reason: 'The change is at most 0.4, and 0.5 is allowed.',
    next: '',
    message: null,
    differences: [],
    line: 12,
    warnings: [],
    ...changes,
  };
}

const NEXT: Partial<Record<Verdict, string>> = {
  regressed: 'Look at the worst images, or renew the baseline if this is meant.',
  inconclusive: 'Generate 20000 images.',
};

/** One row of every verdict; those that `failOn` names by default make it fail. */
export const ROWS: readonly GateRow[] = VERDICTS.map((verdict, i) => {
  const fails = ['error', 'over limit', 'regressed', 'incomparable'].includes(verdict);
  const differences = verdict === 'incomparable' ? [{ field: 'seed', old: 0, new: 1 }] : [];
  const needed = verdict === 'inconclusive' ? 20_000 : null;
  return row({
    verdict,
    metric: ['fid', 'kid', 'prdc.recall', 'prdc.precision', 'is', 'cmmd', 'sfid'][i],
    label: ['FD (cifar10-resnet)', 'KID', 'recall', 'precision', 'IS', 'CMMD', 'sFID'][i],
    fails,
    differences,
    needed,
    reason: `This is why it is ${verdict}.`,
    next: NEXT[verdict] ?? '',
    ...(verdict === 'error' && { value: null, interval: null, change: null, baseline: null }),
    line: 10 + i,
  });
});

export function suite(rows: readonly GateRow[], changes: Partial<GateSuite> = {}): GateSuite {
  return {
    name: rows[0]?.suite ?? 'faces',
    real: 'data/real',
    generated: 'out/generated',
    seconds: 2.5,
    provenance: { model: { id: 'cifar10-resnet' }, preprocessing: 'clean', seed: 0 },
    rows,
    error: null,
    ...changes,
  };
}

export function report(
  suites: readonly GateSuite[] = [suite(ROWS)],
  changes: Partial<GateReport> = {},
): GateReport {
  const rows = suites.flatMap((each) => each.rows);
  const verdict = VERDICTS.find((each) => rows.some((row) => row.verdict === each)) ?? 'pass';
  return {
    schema: 1,
    verdict,
    exitCode: rows.some(({ verdict }) => verdict === 'error') ? 2 : rows.some(({ fails }) => fails) ? 1 : 0,
    counts: Object.fromEntries(
      VERDICTS.map((each) => [each, rows.filter(({ verdict }) => verdict === each).length]),
    ) as GateReport['counts'],
    failOn: ['regressed', 'over limit', 'incomparable'],
    config: 'gan-metrics.config.json',
    baseline: 'gan-metrics.baseline.json',
    startedAt: '2026-05-04T03:02:01.123Z',
    seconds: 3.25,
    suites,
    version: '0.1.0',
    ...changes,
  };
}

/** Every text of a row and of its suite is `text`. */
export function reportOf(text: string, verdict: Verdict = 'regressed'): GateReport {
  const hostile = row({
    suite: text,
    metric: text,
    label: text,
    verdict,
    fails: verdict !== 'pass' && verdict !== 'inconclusive',
    reason: text,
    next: text,
    message: text,
    differences: [{ field: text, old: text, new: { [text]: text } }],
    warnings: [{ code: text, message: text }],
  });
  return report(
    [suite([hostile], { name: text, real: text, generated: text, provenance: { [text]: text } })],
    {
      config: text,
      baseline: text,
      version: text,
    },
  );
}

/** Any text: hostile ones, and whatever else Unicode has. */
export const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
);

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const anyInterval = fc.record({
  low: number,
  high: number,
  standardError: number.map(Math.abs),
  confidence: fc.constantFrom(0.9, 0.95, 0.999),
});
const counts = fc.record({ real: fc.option(fc.nat()), generated: fc.option(fc.nat()) });

const anyRow: fc.Arbitrary<GateRow> = fc.record({
  suite: anyText,
  metric: anyText,
  label: anyText,
  verdict: fc.constantFrom(...VERDICTS),
  level: fc.constantFrom('error', 'warn'),
  fails: fc.boolean(),
  better: fc.constantFrom('lower', 'higher'),
  value: fc.option(number),
  interval: fc.option(anyInterval),
  n: counts,
  baseline: fc.option(fc.record({ value: number, interval: fc.option(anyInterval), n: counts })),
  change: fc.option(
    fc
      .tuple(anyInterval, number, fc.constantFrom('paired' as const, 'independent' as const))
      .map(([interval, value, method]) => ({ ...interval, value, method })),
  ),
  allowed: fc.option(number.map(Math.abs)),
  limit: fc.option(fc.record({ max: number, min: number }, { requiredKeys: [] })),
  needed: fc.option(fc.nat()),
  reason: anyText,
  next: anyText,
  message: fc.option(anyText),
  differences: fc.array(fc.record({ field: anyText, old: fc.jsonValue(), new: fc.jsonValue() }), {
    maxLength: 2,
  }),
  line: fc.option(fc.integer({ min: 1, max: 10_000 })),
  warnings: fc.array(fc.record({ code: anyText, message: anyText }), { maxLength: 2 }),
});

const anySuite: fc.Arbitrary<GateSuite> = fc
  .record({
    name: anyText,
    real: anyText,
    generated: anyText,
    seconds: fc.double({ min: 0, max: 1e5, noNaN: true }),
    provenance: fc.option(fc.dictionary(anyText, fc.jsonValue(), { maxKeys: 3 })),
    rows: fc.array(anyRow, { maxLength: 4 }),
    error: fc.option(fc.record({ code: anyText, message: anyText })),
  })
  .map((each) => ({ ...each, rows: each.rows.map((row) => ({ ...row, suite: each.name })) }));

/** Any report of the form, whatever its texts. */
export const anyReport: fc.Arbitrary<GateReport> = fc
  .tuple(
    fc.array(anySuite, { maxLength: 3 }),
    fc.record({ config: fc.option(anyText), baseline: fc.option(anyText) }),
  )
  .map(([suites, files]) => report(suites, files));
