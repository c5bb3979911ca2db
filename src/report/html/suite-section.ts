import type { GateSuite } from '../../gate/gate-report';
import { rowsOf } from '../judged-rows';
import type { Figure } from '../plot';
import { curveFigure, historyFigure, intervalFigure } from './figures';
import { html, type Markup, type Part, trusted } from './markup';
import type { ReportPage } from './page-data';
import { pictureSection } from './picture-grid';

/** Draws a figure; null where figures cannot be drawn. */
export type Draw = (figure: Figure) => Promise<string | null>;

/** Everything about one suite but its verdicts, which stand above. */
export async function suiteSection(
  suite: GateSuite,
  { id, page, draw }: { id: string; page: ReportPage; draw: Draw },
): Promise<Markup> {
  const rows = rowsOf(suite);
  const own = <Each extends { readonly suite: string }>(all: readonly Each[] | undefined) =>
    (all ?? []).filter(({ suite: name }) => name === suite.name);
  const labelOf = (metric: string) => rows.find((row) => row.metric === metric)?.label ?? metric;
  const groups: [string, (Figure | null)[]][] = [
    ['Intervals', rows.map((row, i) => intervalFigure(row, `${id}-interval-${i}`))],
    [
      'Over time, and against the number of images',
      [
        ...own(page.history).map(({ metric, versions }, i) =>
          historyFigure({ label: labelOf(metric), versions }, `${id}-history-${i}`),
        ),
        ...own(page.curves).map((curve, i) => curveFigure(curve, `${id}-curve-${i}`)),
      ],
    ],
  ];
  const figures: Part[] = [];
  for (const [title, group] of groups) figures.push(await figureSection(title, group, draw));
  return html`<section class="paper" aria-labelledby="${id}">
<h2 id="${id}"><bdi>${suite.name}</bdi></h2>
<p class="sources">generated <bdi>${suite.generated}</bdi>, real <bdi>${suite.real}</bdi>; ${suite.seconds.toFixed(1)} s</p>
${suite.error ? html`<p class="problem bad"><strong>${suite.error.code}</strong>: ${suite.error.message}</p>` : null}
${figures}
${own(page.pictures).map(pictureSection)}
${warningSection(suite)}
${provenanceSection(suite)}
</section>
`;
}

async function figureSection(title: string, figures: readonly (Figure | null)[], draw: Draw): Promise<Part> {
  const drawn: Markup[] = [];
  for (const figure of figures) {
    const svg = figure && (await draw(figure));
    if (svg) drawn.push(html`<li>${trusted(svg)}</li>\n`);
  }
  return drawn.length === 0
    ? null
    : html`<section><h3>${title}</h3><ul class="figures">${drawn}</ul></section>\n`;
}

/** Rows share what they warn of: each is said once, with whom it concerns. */
function warningSection({ rows }: GateSuite): Part {
  const found = new Map<string, { code: string; message: string; labels: string[] }>();
  for (const { label, warnings } of rows) {
    for (const { code, message } of warnings) {
      const key = JSON.stringify([code, message]);
      const known = found.get(key) ?? { code, message, labels: [] };
      found.set(key, { ...known, labels: [...known.labels, label] });
    }
  }
  if (found.size === 0) return null;
  return html`<section><h3>Warnings</h3><ul class="warnings">${[...found.values()].map(
    ({ code, message, labels }) =>
      html`<li>${message} <small class="of">(${code}; ${[...new Set(labels)].join(', ')})</small></li>\n`,
  )}</ul></section>`;
}

function provenanceSection({ provenance }: GateSuite): Part {
  if (!provenance) return null;
  const facts = Object.entries(provenance).flatMap(([name, value]) => flatten(name, value));
  return html`<details><summary>How these numbers were made</summary>
<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</details>`;
}

/** `model.id`: `cifar10-resnet`; lists stay in one piece. */
function flatten(name: string, value: unknown): [string, string][] {
  if (value === null || value === undefined) return [[name, 'none']];
  if (Array.isArray(value)) return [[name, value.map((each) => plain(each)).join(', ') || 'none']];
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, each]) => flatten(`${name}.${key}`, each));
  }
  return [[name, plain(value)]];
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
}
