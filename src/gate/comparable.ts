import { type BaselineEntry, sortedKeys } from './baseline';
import type { GateRow } from './gate-report';
import type { Rule } from './rule';

type Difference = GateRow['differences'][number];

/**
 * What keeps two numbers from being compared; empty where nothing does. What one of them does not say is not held
 * against it.
 *
 * @param rule  sizeFree, usesReal
 */
export function differencesOf(
  { sizeFree, usesReal }: Pick<Rule, 'sizeFree' | 'usesReal'>,
  { old, now }: { readonly old: BaselineEntry; readonly now: BaselineEntry },
): Difference[] {
  const known = old.model.sha256 !== null && now.model.sha256 !== null;
  const facts: (readonly [field: string, old: unknown, now: unknown])[] = [
    known ? ['model', old.model, now.model] : ['model', old.model.id, now.model.id],
    ['preprocessing', old.preprocessing, now.preprocessing],
    ['dims', old.dims, now.dims],
    ['input', old.input, now.input],
    ['parameters', old.parameters, now.parameters],
    ['algorithm', old.algorithm, now.algorithm],
  ];
  if (usesReal) facts.push(['reference', old.reference, now.reference]);
  if (!sizeFree) {
    if (usesReal) facts.push(['n.real', old.n.real, now.n.real]);
    facts.push(['n.generated', old.n.generated, now.n.generated]);
  }
  const found = facts
    .filter(([, before, after]) => before !== null && after !== null && !same(before, after))
    .map(([field, before, after]) => ({ field, old: before, new: after }));
  // No tool is a choice, too.
  if (old.compat !== now.compat) found.push({ field: 'compat', old: old.compat, new: now.compat });
  return usesReal && found.length === 0 ? contentsOfReal({ old, now }) : found;
}

/** Names and sizes can stay while the bytes change; where equally many are drawn, they are the same images. */
function contentsOfReal({ old, now }: { old: BaselineEntry; now: BaselineEntry }): Difference[] {
  const [before, after] = [old.contents.real, now.contents.real];
  if (old.n.real !== now.n.real || before === null || after === null || before === after) return [];
  return [{ field: 'contents.real', old: before, new: after }];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sortedKeys(a)) === JSON.stringify(sortedKeys(b));
}
