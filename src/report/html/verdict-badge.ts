import type { Verdict } from '../../gate/gate-report';
import { html, type Markup } from './markup';

/** What says a verdict beside its word: never the color alone. */
const SYMBOLS: Readonly<Record<Verdict, string>> = {
  error: '✕',
  'over limit': '▲',
  regressed: '▼',
  incomparable: '≠',
  inconclusive: '?',
  improved: '★',
  pass: '✓',
};

/** How a verdict is colored: bad, warn, info or good. */
export const TONES: Readonly<Record<Verdict, 'bad' | 'warn' | 'info' | 'good'>> = {
  error: 'bad',
  'over limit': 'bad',
  regressed: 'bad',
  incomparable: 'warn',
  inconclusive: 'info',
  improved: 'good',
  pass: 'good',
};

export function badge(verdict: Verdict): Markup {
  return html`<span class="badge ${TONES[verdict]}">${symbol(verdict)} ${verdict}</span>`;
}

export function symbol(verdict: Verdict): Markup {
  return html`<span aria-hidden="true">${SYMBOLS[verdict]}</span>`;
}
