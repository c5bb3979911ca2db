import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/statistics/csv';
import { codeOf } from '../metrics/code-of';

const rows = (text: string) => {
  const { rows, columns, data } = parseCsv(text, 'file.csv');
  return Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
};

describe('parseCsv', () => {
  it('reads rows of numbers, however lines end', () => {
    expect(rows('1,2\n3,4')).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(rows('\uFEFF1,2\r\n3,4\r\n\r\n')).toEqual(rows('1,2\n3,4'));
  });

  it('reads numbers in every decimal notation, to the last bit', () => {
    expect(rows('-1.5e-3, +2 ,.5,7.,0.1')).toEqual([[-1.5e-3, 2, 0.5, 7, 0.1]]);
  });

  it('takes a first line without any number for names', () => {
    expect(rows('x,y\n1,2\n')).toEqual([[1, 2]]);
  });

  it.each([
    ['1,2\n3\n', /line 2 it has 1 values and the lines before it have 2/],
    ['1,2\n3,4,5\n', /line 2 it has 3 values/],
    ['x,y\n1,two\n', /line 2 value 2 is "two"/],
    ['x,2\n1,2\n', /line 1 value 1 is "x"/],
    ['1,2\n\n3,4\n', /line 2 it has 1 values/],
    ['1;2\n', /line 1 there are no numbers/],
    ['1,nan\n', /line 1 value 2 is "nan"/],
    ['1,0x10\n', /line 1/],
    ['1,"2"\n', /line 1/],
    ['1,\n', /line 1 value 2 is ""/],
    ['', /there are no numbers/],
    ['x,y\n', /there are no numbers/],
  ])('refuses %j and names the line', (text, message) => {
    expect(codeOf(() => parseCsv(text, 'file.csv'))).toBe('CORRUPT_FILE');
    expect(() => parseCsv(text, 'file.csv')).toThrow(message);
    expect(() => parseCsv(text, 'file.csv')).toThrow(/file\.csv/);
  });
});
