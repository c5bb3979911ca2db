/** A fenced block of a page. */
export interface CodeBlock {
  readonly language: string;
  /** What stands behind the language: `sketch` for what cannot run. */
  readonly info: string;
  readonly code: string;
  /** Where it begins, for people. */
  readonly line: number;
}

/** The fenced blocks of Markdown, in order. */
export function codeBlocks(text: string): CodeBlock[] {
  const blocks = text.matchAll(/^```(\w*) *(.*)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(({ index, 1: language, 2: info, 3: code }) => ({
    language,
    info,
    code: code.trimEnd(),
    line: text.slice(0, index).split('\n').length,
  }));
}
