/** Prints the table of docs/metrics/README.md: `npx tsx docs/metrics/make-table.ts`. */
import { pathToFileURL } from 'node:url';
import { metrics } from '../../src/metrics/registry';

/** Pages of metrics that are variants of another. */
const PAGES: Readonly<Record<string, string>> = {
  'fid-debiased': 'fid',
  'fid-infinity': 'fid',
  'fid-per-class': 'fid',
};

/** A row for every metric of the registry, made of its facts. */
export function metricsTable(): string {
  const rows = Object.values(metrics).map(({ id, name, values, advised, blindTo }) => {
    const page = PAGES[id] ?? id;
    const numbers = Object.entries(values).map(([key, { better }]) => {
      const arrow = better === 'lower' ? '↓' : '↑';
      return key === 'value' ? arrow : `${key} ${arrow}`;
    });
    return `| [\`${id}\`](${page}.md) | ${name} | ${numbers.join(', ')} | ${advised} | ${blindTo} |`;
  });
  const head = ['| id | metric | better | images asked for | blind to |', '| --- | --- | --- | --- | --- |'];
  return [...head, ...rows].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log(metricsTable());
