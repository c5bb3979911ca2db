import type { Comparison, NumberComparison, SetDifference } from '../index';
import { formatConfidence, formatInterval, formatNumber } from '../number-text';

/** One number of all sets, in words and cells. */
interface Section {
  readonly title: string;
  readonly better: 'lower' | 'higher';
  readonly best: string;
  /** Rank, set, value, interval. */
  readonly rows: readonly (readonly [string, string, string, string])[];
  readonly pairs: readonly string[];
}

/** For a terminal: of every number a table of ranks, and below it every pair of sets. */
export function describeComparison(comparison: Comparison): string {
  const head = headOf(comparison);
  const sections = sectionsOf(comparison).map(({ title, better, best, rows, pairs }) => {
    const table = [head, ...rows];
    const widths = head.map((_, column) => Math.max(...table.map((row) => row[column].length)));
    const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  '));
    return [
      `${title}, ${better} is better: ${best}`,
      ...[...lines, ...pairs].map((line) => `  ${line}`.trimEnd()),
    ].join('\n');
  });
  return [...sections, [...failuresOf(comparison), `(${settingOf(comparison)})`].join('\n')].join('\n\n');
}

/** The same as a Markdown document. */
export function comparisonMarkdown(comparison: Comparison): string {
  const sections = sectionsOf(comparison).flatMap(({ title, better, best, rows, pairs }) => [
    `## ${escaped(title)} (${better} is better)`,
    `${escaped(best)}.`,
    [headOf(comparison), headOf(comparison).map(() => '---'), ...rows]
      .map((row) => `| ${row.map(escaped).join(' | ')} |`)
      .join('\n'),
    ...(pairs.length > 0 ? [pairs.map((line) => `- ${escaped(line)}`).join('\n')] : []),
  ]);
  const failures = failuresOf(comparison).map(escaped);
  const warnings = comparison.warnings.map(({ code, message }) => `- ${code}: ${escaped(message)}`);
  const parts = [
    `# Comparison of ${escaped(comparison.sets.join(', '))}`,
    ...sections,
    ...failures,
    ...(warnings.length > 0 ? ['## Warnings', warnings.join('\n')] : []),
    `${escaped(settingOf(comparison))}; gan-metrics ${comparison.version}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function headOf({ confidence }: Comparison): [string, string, string, string] {
  return ['rank', 'set', 'value', `${formatConfidence(confidence)} interval`];
}

function sectionsOf({ metrics, confidence }: Comparison): Section[] {
  return Object.values(metrics).flatMap(({ metric, numbers }) => {
    const network = metric.match(/ \(.*\)$/)?.[0] ?? '';
    return Object.entries(numbers).map(([name, comparison]) => {
      const order = orderOf(comparison);
      return {
        title: name === 'value' ? metric : `${name}${network}`,
        better: comparison.better,
        best: bestOf(comparison, order),
        rows: order.map((set) => rowOf(set, comparison)),
        pairs: pairsInOrder(comparison, order).map((pair) => inWords(pair, { ...comparison, confidence })),
      };
    });
  });
}

/** By rank where there are ranks, then by value. */
function orderOf({ values, ranks, better }: NumberComparison): string[] {
  const sign = better === 'lower' ? 1 : -1;
  return Object.keys(values).sort(
    (a, b) =>
      (ranks ? ranks[a].best - ranks[b].best || ranks[a].worst - ranks[b].worst : 0) ||
      sign * (values[a].value - values[b].value),
  );
}

function bestOf({ ranks, winner }: NumberComparison, order: readonly string[]): string {
  if (winner !== null) return `${winner} is best`;
  if (ranks === null) return 'no ranks';
  const first = order.filter((name) => ranks[name].best === 1);
  return first.length > 1
    ? `${listed(first)} cannot be told apart`
    : `${first[0]} leads, though not over all`;
}

function rowOf(set: string, { values, ranks }: NumberComparison): Section['rows'][number] {
  const { value, interval } = values[set];
  const rank = ranks?.[set];
  const places = rank ? (rank.best === rank.worst ? `${rank.best}` : `${rank.best}-${rank.worst}`) : '-';
  return [places, set, formatNumber(value), interval ? formatInterval(interval) : ''];
}

/** All pairs, the one that stands higher first, signs turned with them. */
function pairsInOrder({ differences }: NumberComparison, order: readonly string[]): SetDifference[] {
  return order.flatMap((first, i) =>
    order.slice(i + 1).flatMap((second) => {
      const found = differences.find(
        ({ a, b }) => (a === first && b === second) || (a === second && b === first),
      );
      if (!found) return [];
      return [found.a === first ? found : turned(found)];
    }),
  );
}

const OPPOSITE = { better: 'worse', worse: 'better', undecided: 'undecided' } as const;

function turned({ a, b, value, interval, verdict, ...rest }: SetDifference): SetDifference {
  const { low, high } = interval;
  // No negative zero.
  const minus = (each: number) => 0 - each;
  return {
    ...rest,
    a: b,
    b: a,
    value: minus(value),
    interval: { ...interval, low: minus(high), high: minus(low) },
    verdict: OPPOSITE[verdict],
  };
}

function inWords(
  { a, b, value, interval, p, verdict, needed }: SetDifference,
  { differences, confidence }: NumberComparison & { confidence: number },
): string {
  const figures = `${formatNumber(value)} ${formatInterval(interval)}`;
  if (verdict !== 'undecided')
    return `${a} is ${verdict} than ${b}: ${figures} ${formatConfidence(confidence)}`;
  const alone = interval.low > 0 || interval.high < 0;
  const among = alone ? `, p = ${Number(p.adjusted.toPrecision(2))} among ${differences.length} pairs` : '';
  return `${a} and ${b} cannot be told apart: ${figures}${among}; ${wanted(needed)}`;
}

function wanted(needed: SetDifference['needed']): string {
  if (needed === null) return 'the values are equal, and no number of images would part them';
  const { generated, real } = needed;
  const others = real === null ? '' : `, with ${rounded(real)} real`;
  return `about ${rounded(generated)} images each would${others}`;
}

function rounded(count: number): string {
  return String(Number(count.toPrecision(2)));
}

function failuresOf({ failures }: Comparison): string[] {
  return Object.entries(failures).map(([id, failure]) => `${id}: ${failure?.message}`);
}

function settingOf({ n, preprocessing, runtime, adjust, sets }: Comparison): string {
  const pairs = (sets.length * (sets.length - 1)) / 2;
  const parts = [
    ...(n.real === 0 ? [] : [`${n.real ?? 'unknown'} real`]),
    ...Object.entries(n.generated).map(([name, count]) => `${count ?? 'unknown'} ${name}`),
  ];
  const run = runtime ? `${runtime.name} ${runtime.device}` : 'from files';
  const family = adjust === 'holm' && pairs > 1 ? [`Holm over ${pairs} pairs`] : [];
  return [parts.join(', '), ...(preprocessing ? [preprocessing] : []), run, ...family].join('; ');
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Names of folders are anything, and must stay what they are. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}
