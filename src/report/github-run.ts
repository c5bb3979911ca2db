import { appendFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { GateReport } from '../gate/gate-report';
import { gitHubOutputs, toGitHubAnnotations, toGitHubOutput } from './github';
import { SUMMARY_BYTES, toMarkdown } from './markdown';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Tells a GitHub Actions step what came of a check: the summary and the outputs are appended to the files that
 * GITHUB_STEP_SUMMARY and GITHUB_OUTPUT name, and the annotations, which GitHub reads from what is printed, returned.
 * Outside of Actions nothing is written, and they are empty.
 *
 * @param options  paths: further outputs, of what the check wrote; cwd: the folder the check ran in
 *
 * @example
 * import { check, reportToGitHub } from 'gan-metrics';
 *
 * const report = await check({
 *   defaults: { model: 'cifar10-resnet', limit: 40 },
 *   suites: { fakes: { generated: 'fixtures/fake', metrics: { is: { min: 100 } } } },
 * });
 * console.log(await reportToGitHub(report, { env: {} }) === ''); // true
 */
export async function reportToGitHub(
  report: GateReport,
  {
    paths = {},
    env = process.env,
    cwd = process.cwd(),
  }: { paths?: Readonly<Record<string, string>>; env?: Environment; cwd?: string } = {},
): Promise<string> {
  if (env.GITHUB_ACTIONS !== 'true') return '';
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: outputs } = env;
  if (summary) {
    const taken = await stat(summary).then(
      ({ size }) => size,
      () => 0,
    );
    await appendFile(summary, toMarkdown(report, { maxBytes: SUMMARY_BYTES - 1 - taken }));
  }
  if (outputs) await appendFile(outputs, toGitHubOutput({ ...gitHubOutputs(report), ...paths }));
  return toGitHubAnnotations(report, { prefix: repositoryPrefix({ env, cwd }) });
}

/**
 * The folder `cwd`, relative to the root of the repository that a CI job checked out, with a `/` at its end.
 *
 * @example
 * import { repositoryPrefix } from 'gan-metrics';
 *
 * const env = { GITHUB_WORKSPACE: '/repository' };
 * console.log(repositoryPrefix({ env, cwd: '/repository/packages/faces' })); // packages/faces/
 */
export function repositoryPrefix({
  env = process.env,
  cwd = process.cwd(),
}: {
  env?: Environment;
  cwd?: string;
} = {}): string {
  const root = env.GITHUB_WORKSPACE ?? env.CI_PROJECT_DIR;
  if (!root) return '';
  const folder = path.relative(root, cwd).replaceAll(path.sep, '/');
  return folder === '' || folder.startsWith('..') || path.isAbsolute(folder) ? '' : `${folder}/`;
}
