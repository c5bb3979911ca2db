import { GanMetricsError } from '../errors';
import type { Matrix } from '../math/matrix';

/** One number in decimal notation, as programs write them; no words, no thousands separators. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Numbers of a CSV text: a row a line, commas between values, a first line of names where none of its fields is a
 * number. Blank lines at the end are fine, and nothing else is guessed: no quotes, no other separators.
 *
 * @throws CORRUPT_FILE, which names the line
 */
export function parseCsv(text: string, name: string): Matrix<Float64Array> {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\s+$/, '')
    .split(/\r\n|\n|\r/);
  const fields = (line: string) => line.split(',').map((field) => field.trim());
  const header = fields(lines[0]).every((field) => !NUMBER.test(field));
  const first = header ? 1 : 0;
  const columns = fields(lines[first] ?? '').length;
  if (lines.length <= first) throw badLine(name, lines.length, 'there are no numbers');
  const data = new Float64Array((lines.length - first) * columns);
  for (let i = first; i < lines.length; i++) {
    const row = fields(lines[i]);
    if (row.length !== columns) {
      throw badLine(name, i + 1, `it has ${row.length} values and the lines before it have ${columns}`);
    }
    row.forEach((field, k) => {
      if (!NUMBER.test(field))
        throw badLine(name, i + 1, `value ${k + 1} is ${JSON.stringify(field)}, not a number`);
      data[(i - first) * columns + k] = Number(field);
    });
  }
  return { rows: lines.length - first, columns, data };
}

function badLine(name: string, line: number, problem: string): GanMetricsError {
  return new GanMetricsError(
    'CORRUPT_FILE',
    `Expected rows of numbers with commas between them in ${name} but in line ${line} ${problem}.`,
    { details: { file: name, line } },
  );
}
