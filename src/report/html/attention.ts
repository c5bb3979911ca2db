import type { GateRow } from '../../gate/gate-report';
import { makesFail } from '../judged-rows';
import { factsOf } from '../row-facts';
import { html, type Markup } from './markup';
import { badge, TONES } from './verdict-badge';

/** What the table has already. */
const SAID = ['why', 'next', 'value', 'baseline', 'limit', 'allowed', 'better', 'warnings'];

/** A row that somebody has to look at: why, and what to do. */
export function attentionCard(row: GateRow): Markup {
  const facts = factsOf(row).filter(({ name }) => !SAID.includes(name));
  return html`<li class="card ${TONES[row.verdict]}">
<h3>${badge(row.verdict)} <bdi>${row.label}</bdi> <span class="of">of <bdi>${row.suite}</bdi></span></h3>
<p>${row.reason}</p>
${row.next ? html`<p class="next"><strong>Next:</strong> ${row.next}</p>` : null}
<dl>${facts.map(({ name, text }) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
${makesFail(row) ? html`<p class="fails">The check fails by this.</p>` : null}
</li>
`;
}
