import type { GateRow } from '../../gate/gate-report';
import { formatInterval, formatNumber } from '../../number-text';
import { makesFail } from '../judged-rows';
import { formatChange, formatLimit } from '../row-numbers';
import { html, type Markup, type Part } from './markup';
import { badge } from './verdict-badge';

/** Every number, one a row: what it is, what it was, and what is allowed. */
export function rowsTable(
  rows: readonly GateRow[],
  { caption, suiteLinks }: { caption: string; suiteLinks: ReadonlyMap<string, string> },
): Markup {
  return scrolled(
    caption,
    html`<table class="rows">
<caption>${caption}</caption>
<thead><tr>
<th scope="col">Verdict</th><th scope="col">Metric<br><small>suite</small></th>
<th scope="col" class="number">Now</th><th scope="col" class="number">Baseline</th>
<th scope="col" class="number">Change<br><small>above 0 is worse</small></th>
<th scope="col" class="number">Allowed</th><th scope="col" class="number">Limit</th>
<th scope="col" class="number">Images<br><small>real / generated</small></th>
</tr></thead>
<tbody>
${rows.map((row) => tableRow(row, suiteLinks.get(row.suite)))}</tbody>
</table>`,
  );
}

/** What is wider than the page scrolls by itself, by keyboard too. */
export function scrolled(label: string, content: Markup): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
${content}
</div>`;
}

function tableRow(row: GateRow, link: string | undefined): Markup {
  const { verdict, label, suite, value, interval, baseline, change, allowed, limit, n } = row;
  const name = html`<bdi>${suite}</bdi>`;
  return html`<tr>
<td>${badge(verdict)}${makesFail(row) ? html`<small>fails the check</small>` : null}</td>
<th scope="row"><bdi>${label}</bdi><br><small>${link ? html`<a href="#${link}">${name}</a>` : name}</small></th>
<td class="number">${value === null ? '–' : measured(value, interval && formatInterval(interval))}</td>
<td class="number">${baseline ? measured(baseline.value, baseline.interval && formatInterval(baseline.interval)) : '–'}</td>
<td class="number">${change ? measured(formatChange(change.value), formatInterval(change, formatChange)) : '–'}</td>
<td class="number">${allowed === null ? '–' : formatNumber(allowed)}</td>
<td class="number">${formatLimit(limit) || '–'}</td>
<td class="number">${n.real ?? '–'} / ${n.generated ?? '–'}</td>
</tr>
`;
}

function measured(value: number | string, interval: string | null): Part {
  const text = typeof value === 'number' ? formatNumber(value) : value;
  return [text, interval === null ? null : html`<br><small>${interval}</small>`];
}
