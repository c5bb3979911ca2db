import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { computeStatistics, writeStatistics } from '../../src/index';
import { findPackage } from '../../src/runtimes/packages';
import { projectFile } from '../reference';
import { codeBlocks } from './code-blocks';
import { runConsole, showsOutput } from './run-console';
import { runExample } from './run-example';
import { inScratchFolder } from './scratch-folder';
import { typeErrors } from './type-errors';

const PAGES = ['README.md', ...markdownOf('docs'), ...markdownOf('docs/metrics')];

const blocks = PAGES.flatMap((page) =>
  codeBlocks(readFileSync(projectFile(page), 'utf8')).map((block) => ({
    ...block,
    at: `${page}:${block.line}`,
  })),
);
const runnable = blocks.filter(({ info }) => info !== 'sketch');
const programs = runnable.filter(({ language }) => language === 'ts' || language === 'js');
const consoles = runnable.filter(({ language }) => language === 'console');
const hasOnnxruntime = findPackage('onnxruntime-node') !== undefined;

describe('the pages', () => {
  inScratchFolder();
  beforeAll(makeFolders);

  it('have examples', () => {
    expect(programs.length).toBeGreaterThan(20);
    expect(consoles.length).toBeGreaterThan(2);
  });

  it('name what cannot run in one way: ```ts sketch', () => {
    expect(
      blocks.filter(({ info }) => info !== '' && info !== 'sketch').map(({ at, info }) => `${at}: ${info}`),
    ).toEqual([]);
  });

  it('have TypeScript that compiles', () => {
    const typed = programs.filter(({ language }) => language === 'ts');
    expect(typeErrors(new Map(typed.map(({ at, code }) => [at, code])))).toEqual([]);
  });

  it.each(programs)('run at $at, and it prints what it says', async ({ code }) => {
    const { printed, promised } = await runExample(code);
    if (promised.length > 0) expect(printed).toEqual(promised);
  });

  it.each(consoles)('show at $at what the command line prints', async ({ code }) => {
    const steps = await runConsole(code);
    expect(steps.length).toBeGreaterThan(0);
    for (const [i, { command, shown, printed, code }] of steps.entries()) {
      const comparable = hasOnnxruntime || !shown.includes('onnxruntime');
      if (comparable && !showsOutput(shown, printed)) expect(printed.trimEnd(), command).toBe(shown);
      const isShown = steps[i + 1]?.command === 'echo $?';
      if (!isShown) expect(code, `exit code of ${command}: show another than 0 by "$ echo $?"`).toBe(0);
    }
  });
});

function markdownOf(folder: string): string[] {
  return readdirSync(projectFile(folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`);
}

/** The folders and files that the pages take for a reader's own. */
async function makeFolders(): Promise<void> {
  mkdirSync('samples');
  symlinkSync(projectFile('fixtures/real'), 'real');
  for (const folder of ['generated', 'samples/epoch-12']) symlinkSync(projectFile('fixtures/fake'), folder);
  const made = await computeStatistics('real', { model: 'cifar10-resnet', features: true });
  await writeStatistics('real.npz', made.statistics, { provenance: made, features: made.features });
}
