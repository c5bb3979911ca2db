import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toGateJSON } from '../../src/report/formats';
import { toHTML } from '../../src/report/html/page';
import { toJUnit } from '../../src/report/junit';
import { writeReport } from '../../src/report/write-report';
import { report } from './gate-reports';

const root = mkdtempSync(path.join(tmpdir(), 'gan-metrics-report-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('writeReport', () => {
  it('writes the page and what machines read beside it, and says where', async () => {
    const folder = path.join(root, 'a', 'b');
    const written = await writeReport(folder, { report: report() }, { prefix: 'x/' });
    expect(readdirSync(folder).sort()).toEqual(
      Object.values(written)
        .map((file) => path.basename(file))
        .sort(),
    );
    const read = (file: string) => readFileSync(file, 'utf8');
    expect(written.html).toBe(path.join(folder, 'index.html'));
    expect(read(written.html)).toBe(await toHTML({ report: report() }));
    expect(read(written.json)).toBe(toGateJSON(report()));
    expect(read(written.junit)).toBe(toJUnit(report(), { prefix: 'x/' }));
  });

  it('replaces a report, and leaves other files', async () => {
    const folder = path.join(root, 'again');
    await writeReport(folder, { report: report() });
    writeFileSync(path.join(folder, 'notes.txt'), 'mine');
    await writeReport(folder, { report: report([]) });
    expect(readFileSync(path.join(folder, 'notes.txt'), 'utf8')).toBe('mine');
    expect(JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')).suites).toEqual([]);
  });
});
