import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { projectFile } from '../reference';

/** Runs the tests of a file in a folder of its own that holds `fixtures` and `models`, so that what examples write is no one's. */
export function inScratchFolder(): void {
  const before = process.cwd();
  const folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-docs-'));
  beforeAll(() => {
    for (const name of ['fixtures', 'models']) symlinkSync(projectFile(name), path.join(folder, name));
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
}
