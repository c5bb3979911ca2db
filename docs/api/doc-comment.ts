/** A doc comment, taken apart. */
export interface DocComment {
  /** What stands before the first tag. */
  readonly description: string;
  readonly params: readonly { readonly name: string; readonly text: string }[];
  readonly returns?: string;
  readonly throws?: string;
  readonly see: readonly string[];
  /** TypeScript that runs as it is. */
  readonly examples: readonly string[];
}

/** Reads a whole comment, its signs included; tags stand at the beginning of lines. */
export function parseDocComment(comment: string): DocComment {
  const lines = comment
    .replace(/^\/\*\*/, '')
    .replace(/\s*\*\/$/, '')
    .split('\n')
    .map((line, i) => (i === 0 ? line.trim() : line.replace(/^\s*\* ?/, '')));
  const [description, ...tags] = lines.reduce<string[][]>(
    (blocks, line) => {
      if (/^@\w/.test(line)) blocks.push([]);
      blocks.at(-1)!.push(line);
      return blocks;
    },
    [[]],
  );
  const read = tags.map(readTag);
  const texts = (tag: string) => read.filter((each) => each.tag === tag).map(({ lines }) => flow(lines));
  const [returns] = texts('returns');
  const [throws] = texts('throws');
  return {
    description: description.join('\n').trim(),
    params: texts('param').map((text) => {
      const [, name, rest] = text.match(/^((?:\w+, )*\S+)\s*(.*)$/s)!;
      return { name, text: rest };
    }),
    ...(returns !== undefined && { returns }),
    ...(throws !== undefined && { throws }),
    see: texts('see'),
    examples: read.filter(({ tag }) => tag === 'example').map(({ lines }) => lines.join('\n').trim()),
  };
}

function readTag([first, ...rest]: readonly string[]): { tag: string; lines: string[] } {
  const [, tag, text] = first.match(/^@(\w+)\s*(.*)$/)!;
  return { tag, lines: [text, ...rest] };
}

function flow(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ');
}
