/** A command as one can be pasted into a shell: what renews the entries of a suite, or of all. */
export function commandFor({
  suite,
  size,
  flags,
}: {
  readonly suite: string | undefined;
  /** Images a side of a smaller run, whose entries are the ladder's. */
  readonly size: number | null;
  readonly flags: readonly string[];
}): string {
  const ladder = size === null ? [] : ['--budget-ladder'];
  const words = [
    'gan-metrics',
    'check',
    ...(suite === undefined ? [] : [suite]),
    '--update-baseline',
    ...ladder,
    ...flags,
  ];
  return words.map(quoted).join(' ');
}

/** As POSIX shells read it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
