/** Characters that XML forbids, that move the cursor, or that turn the reading direction: names may hold any. */
const UNPRINTABLE =
  /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\p{Cs}]/gu;

/**
 * Text of files and configurations made safe to look at: what cannot be seen stands as its code, `\u{202e}`; tabs
 * and line ends stay. The result is well-formed Unicode that XML 1.0 takes.
 */
export function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(UNPRINTABLE, (character) =>
      character === '\n' || character === '\t'
        ? character
        : `\\u{${character.codePointAt(0)!.toString(16).padStart(4, '0')}}`,
    );
}

/** {@link printable} on one line. */
export function oneLine(text: string): string {
  return printable(text.replace(/\r\n|[\r\n\t]/g, ' '));
}

/** At most `limit` characters, an ellipsis as the last where some are left out; no character is cut in two. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = /[\ud800-\udbff]/.test(text[limit - 2]) ? limit - 2 : limit - 1;
  return `${text.slice(0, end)}…`;
}
