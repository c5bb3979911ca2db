/**
 * The line (from 1) on which a configuration asks for a metric, by searching its text: of the key under `metrics` of the
 * suite. null where the keys do not stand there as such, as in a configuration that is put together by code.
 */
export function lineOfRule(
  text: string,
  {
    suite,
    metric,
    suites,
  }: { readonly suite: string; readonly metric: string; readonly suites: readonly string[] },
): number | null {
  const clear = withoutComments(text);
  const inSuites = keyAfter(clear, 'suites', 0);
  if (inSuites === null) return null;
  const start = keyAfter(clear, suite, inSuites);
  if (start === null) return null;
  const later = suites.map((name) => (name === suite ? null : keyAfter(clear, name, start)));
  const end = Math.min(clear.length, ...later.filter((at) => at !== null));
  const inMetrics = keyAfter(clear, 'metrics', start);
  const at = inMetrics === null ? null : keyAfter(clear, metric, inMetrics);
  return at === null || at >= end ? null : clear.slice(0, at).split('\n').length;
}

/** Where a property of that name ends its key, from `from` on. */
function keyAfter(text: string, name: string, from: number): number | null {
  const quoted = [JSON.stringify(name), `'${name.replaceAll("'", "\\'")}'`].map(escaped);
  const bare = /^[\w$]+$/.test(name) ? [`(?<![\\w$.'"-])${escaped(name)}`] : [];
  const pattern = new RegExp(`(?:${[...quoted, ...bare].join('|')})\\s*:`, 'g');
  pattern.lastIndex = from;
  const match = pattern.exec(text);
  return match ? match.index + match[0].length : null;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Comments become blanks, so that lines stay where they are; texts are left alone. */
function withoutComments(text: string): string {
  const pattern = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(pattern, (part) => (part.startsWith('/') ? part.replace(/[^\n]/g, ' ') : part));
}
