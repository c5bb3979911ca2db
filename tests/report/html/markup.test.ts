import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { html, trusted } from '../../../src/report/html/markup';
import { printable } from '../../../src/report/plain-text';
import { anyText } from '../gate-reports';

describe('html', () => {
  it('shows what is put into it, in text and in attributes, whatever it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { markup } = html`<p title="${text}">${text}</p>`;
        const { document } = parseHTML(`<!doctype html><html><body>${markup}</body></html>`);
        const [only, ...others] = document.body.children;
        expect(others).toEqual([]);
        expect(only.textContent).toBe(printable(text));
        expect(only.getAttribute('title')).toBe(printable(text));
        expect(only.attributes).toHaveLength(1);
      }),
    );
  });

  it('joins lists, keeps markup, and leaves nothing for null', () => {
    expect(html`<ul>${['a', 'b'].map((each) => html`<li>${each}</li>`)}</ul>`.markup).toBe(
      '<ul><li>a</li><li>b</li></ul>',
    );
    expect(html`${null}${undefined}${0}${trusted('<b>x</b>')}`.markup).toBe('0<b>x</b>');
  });

  it('takes dollar signs as they are', () => {
    expect(html`<p>${'$& $1 $$'}</p>`.markup).toBe('<p>$&amp; $1 $$</p>');
  });
});
