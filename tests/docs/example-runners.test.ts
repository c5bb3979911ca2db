import { describe, expect, it } from 'vitest';
import { codeBlocks } from './code-blocks';
import { runConsole, showsOutput } from './run-console';
import { runExample } from './run-example';
import { inScratchFolder } from './scratch-folder';

describe('runConsole', () => {
  inScratchFolder();

  it('runs commands one after the other and gives each its output and exit code', async () => {
    const steps = await runConsole('$ echo one \\\n    two\none two\n$ false\n$ echo $?\n1');
    expect(steps).toEqual([
      { command: 'echo one \\\n    two', shown: 'one two', printed: 'one two\n', code: 0 },
      { command: 'false', shown: '', printed: '', code: 1 },
      { command: 'echo $?', shown: '1', printed: '1\n', code: 0 },
    ]);
  });

  it('runs the command line', async () => {
    const [{ printed }] = await runConsole('$ npx gan-metrics --version');
    expect(printed).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('showsOutput', () => {
  it.each([
    ['equal text', 'FD: 8.55 (160 real)', 'FD: 8.55 (160 real)\n', true],
    ['one more in the last digit', 'FD: 8.55', 'FD: 8.56', true],
    ['two more in the last digit', 'FD: 8.55', 'FD: 8.57', false],
    ['one more in the last digit, with an exponent', '1.5e-7', '1.6e-7', true],
    ['a whole number that differs', '160 real', '161 real', false],
    ['other words', 'FD: 8.55', 'FID: 8.55', false],
    ['more lines than shown', 'FD: 8.55', 'FD: 8.55\nIS: 2', false],
    ['something in place of …', 'a…z 1.50', 'a\nb\nz 1.51', true],
  ])('of %s', (_, shown, printed, shows) => {
    expect(showsOutput(shown, printed)).toBe(shows);
  });
});

describe('runExample', () => {
  it('tells what was printed from what was promised', async () => {
    const code =
      "import { fid } from 'gan-metrics/metrics';\nconsole.log(fid([[0], [2]], [[1], [3]]).value); // 2";
    expect(await runExample(code)).toEqual({ printed: ['1'], promised: ['2'] });
  });

  it('tells which error a statement throws, or that it throws none', async () => {
    const code = [
      "import { fid } from 'gan-metrics/metrics';",
      'fid([[0]], [[1]]); // throws TOO_FEW_SAMPLES',
      'fid([[0], [2]], [[1], [3]]); // throws TOO_FEW_SAMPLES',
    ].join('\n');
    expect(await runExample(code)).toEqual({
      printed: ['throws TOO_FEW_SAMPLES', 'throws nothing'],
      promised: ['throws TOO_FEW_SAMPLES', 'throws TOO_FEW_SAMPLES'],
    });
  });

  it('prints numbers to six digits, wherever they stand', async () => {
    const code = 'console.log([1 / 3, new Float32Array([0.1])], { a: 2 / 3, b: "x" }, "y");';
    expect((await runExample(code)).printed).toEqual(["[ 0.333333, [ 0.1 ] ] { a: 0.666667, b: 'x' } y"]);
  });
});

describe('codeBlocks', () => {
  it('gives language, remark, text and line of every fenced block', () => {
    const text = 'Title\n\n```ts sketch\na;\nb;\n```\n\n```\nplain\n```\n';
    expect(codeBlocks(text)).toEqual([
      { language: 'ts', info: 'sketch', code: 'a;\nb;', line: 3 },
      { language: '', info: '', code: 'plain', line: 8 },
    ]);
  });
});
