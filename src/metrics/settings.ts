import type { Metric, Tool } from './metric';

/** Options that a metric is computed with: what the tool to be compatible with sets, and the caller's own over it. */
export function settingsOf(
  { compat = {} }: Pick<Metric, 'compat'>,
  { compat: tool, own }: { readonly compat: Tool | undefined; readonly own: object | undefined },
): object {
  return { ...(tool && compat[tool]), ...own };
}
