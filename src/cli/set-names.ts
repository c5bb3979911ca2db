import path from 'node:path';

/** A set of images as it stands on the command line: `out/a`, or `sg2=out/a`. */
interface NamedSource {
  readonly name: string | undefined;
  readonly source: string;
}

/** The name that every command gives the real set. */
const REAL = 'real';

/**
 * Names for sets of images: what stands before `=`, else the last part of the path, with as many parts before it as
 * make it unlike the others' and `real`.
 *
 * @param exists  whether a path exists: one that has `=` in its name is no name and path
 * @returns sources by name, or what is wrong with the arguments
 */
export function namedSets(
  args: readonly string[],
  exists: (path: string) => boolean,
): { readonly sets: Readonly<Record<string, string>> } | { readonly problem: string } {
  const sources = args.map((arg) => parse(arg, exists));
  const names = sources.map(({ name, source }) => name ?? path.basename(path.resolve(source)));
  for (let parts = 2; ; parts++) {
    const clashing = names.map(
      (name, i) => name === REAL || names.some((other, k) => k !== i && other === name),
    );
    if (!clashing.includes(true)) break;
    let longer = false;
    for (const [i, { name, source }] of sources.entries()) {
      if (!clashing[i] || name !== undefined) continue;
      const all = path.resolve(source).split(path.sep).filter(Boolean);
      longer ||= parts <= all.length;
      names[i] = all.slice(-parts).join('/');
    }
    if (!longer) {
      const name = names[clashing.indexOf(true)];
      return {
        problem: `the name ${name} is taken: give another before the path, as in b=${sources[clashing.indexOf(true)].source}`,
      };
    }
  }
  return { sets: Object.fromEntries(sources.map(({ source }, i) => [names[i], source])) };
}

function parse(arg: string, exists: (path: string) => boolean): NamedSource {
  const [, name, source] = /^([^=/\\]+)=(.+)$/.exec(arg) ?? [];
  return name === undefined || exists(arg) ? { name: undefined, source: arg } : { name, source };
}
