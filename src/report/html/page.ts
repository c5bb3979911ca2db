import { GanMetricsError } from '../../errors';
import { type GateRow, VERDICTS } from '../../gate/gate-report';
import { isFine, worstFirst } from '../judged-rows';
import { drawFigure } from '../plot';
import { describeOutcome, describeRun } from '../verdict-words';
import { attentionCard } from './attention';
import { html, type Markup, trusted } from './markup';
import type { ReportPage } from './page-data';
import { rowsTable } from './rows-table';
import { STYLE } from './style';
import { type Draw, suiteSection } from './suite-section';
import { symbol, TONES } from './verdict-badge';

/** Nothing is loaded and nothing runs, even if a name had got through as markup. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * A report as one HTML page: verdicts, then for every suite its intervals, the baseline's history, curves, images,
 * warnings and provenance, as far as they are given. It has no script, loads nothing, and reads sensibly where a
 * server forbids styles and images too. Figures need the plotting library; without it the page says so.
 *
 * @example
 * import { check, toHTML } from 'gan-metrics';
 *
 * const report = await check({
 *   defaults: { model: 'cifar10-resnet', limit: 40 },
 *   suites: { fakes: { generated: 'fixtures/fake', metrics: { is: { min: 100 } } } },
 * });
 * const page = await toHTML({ report });
 * console.log(page.includes('<title>gan-metrics: over limit</title>')); // true
 */
export async function toHTML(page: ReportPage): Promise<string> {
  const { report } = page;
  const ids = new Map(report.suites.map(({ name }, i) => [name, `suite-${i + 1}`]));
  let figures = true;
  const draw: Draw = async (figure) => {
    if (!figures) return null;
    try {
      return await drawFigure(figure);
    } catch (error) {
      if (!(error instanceof GanMetricsError) || error.code !== 'RUNTIME_MISSING') throw error;
      figures = false;
      return null;
    }
  };
  const sections: Markup[] = [];
  for (const [i, suite] of report.suites.entries()) {
    sections.push(await suiteSection(suite, { id: `suite-${i + 1}`, page, draw }));
  }
  const rows = worstFirst(report);
  const open = rows.filter((row) => !isFine(row));
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>gan-metrics: ${report.verdict}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#verdicts">Skip to the verdicts</a>
<header>
<p class="tool">gan-metrics</p>
<div class="verdict ${TONES[report.verdict]}">
<h1>${symbol(report.verdict)} ${capitalized(report.verdict)}</h1>
<p>${describeOutcome(report)}</p>
</div>
${countList(rows)}
${navigation(page)}
</header>
<main>
${open.length > 0 ? attention(open.map(attentionCard)) : null}
<section aria-labelledby="verdicts">
<h2 id="verdicts">All numbers</h2>
${rowsTable(rows, { caption: 'Every number that was checked, worst first; in brackets its interval', suiteLinks: ids })}
</section>
${sections}
</main>
<footer>
<p>${describeRun(report)}. A check fails on: ${report.failOn.join(', ') || 'errors alone'}.</p>
${figures ? null : html`<p>Figures are missing: @observablehq/plot and linkedom do not load here.</p>`}
</footer>
</body>
</html>
`;
  return markup;
}

function attention(cards: readonly Markup[]): Markup {
  return html`<section aria-labelledby="attention">
<h2 id="attention">What needs a look</h2>
<ul class="cards">
${cards}</ul>
</section>`;
}

function countList(rows: readonly GateRow[]): Markup {
  const found = VERDICTS.map((verdict) => ({
    verdict,
    count: rows.filter((row) => row.verdict === verdict).length,
  })).filter(({ count }) => count > 0);
  return html`<ul class="counts" aria-label="Numbers by verdict">${found.map(
    ({ verdict, count }) =>
      html`<li><span class="badge ${TONES[verdict]}">${symbol(verdict)} ${count} ${verdict}</span></li>`,
  )}</ul>`;
}

function navigation({ report: { suites } }: ReportPage): Markup {
  return html`<nav aria-label="Suites"><ul>${suites.map(
    ({ name }, i) => html`<li><a href="#suite-${i + 1}"><bdi>${name}</bdi></a></li>`,
  )}</ul></nav>`;
}

function capitalized(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}
