import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from '../files/atomic-file';
import { GATE_FORMATS, type GateFormat } from './formats';
import { toHTML } from './html/page';
import type { ReportPage } from './html/page-data';

/** Names of the files beside the page, by their format; what GitHub reads is printed, and no file. */
const FILES: Readonly<Record<Exclude<GateFormat, 'github'>, string>> = {
  json: 'report.json',
  junit: 'junit.xml',
  markdown: 'summary.md',
  codequality: 'codequality.json',
  metrics: 'metrics.txt',
};

/**
 * Writes a report into a folder, which is made where there is none: `index.html`, one page that needs nothing else, and
 * what machines read beside it. Files of an earlier report are replaced, others left.
 *
 * @param options  prefix: folder of the check, relative to the repository's root
 * @returns  paths of the files by format
 *
 * @example
 * import { check, writeReport } from 'gan-metrics';
 *
 * const report = await check({
 *   defaults: { model: 'cifar10-resnet', limit: 40 },
 *   suites: { fakes: { generated: 'fixtures/fake', metrics: { is: { min: 100 } } } },
 * });
 * const { html } = await writeReport('report', { report });
 * console.log(html); // report/index.html
 */
export async function writeReport(
  folder: string,
  page: ReportPage,
  { prefix = '' }: { prefix?: string } = {},
): Promise<Record<keyof typeof FILES | 'html', string>> {
  await mkdir(folder, { recursive: true });
  const texts: [string, string, string][] = [['html', 'index.html', await toHTML(page)]];
  for (const [format, name] of Object.entries(FILES)) {
    texts.push([format, name, GATE_FORMATS[format as keyof typeof FILES](page.report, { prefix })]);
  }
  const written: Record<string, string> = {};
  for (const [format, name, text] of texts) {
    written[format] = path.join(folder, name);
    await writeAtomically(written[format], (handle) => handle.writeFile(text));
  }
  return written as Record<keyof typeof FILES | 'html', string>;
}
