import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { GateConfig, GateReport } from '../index';

type Library = typeof import('../index');

/** A form that the report of a check is written in. */
export interface OutputFormat {
  /** What its flag, `--<format> <file>`, is for; absent of a format that only `--output` and configurations name. */
  readonly flag?: string;
  render(report: GateReport, library: Library): string;
}

/** Every format, by the name that flags and configurations give it: a new one is one entry here. */
export const OUTPUT_FORMATS: Readonly<Record<string, OutputFormat>> = {
  json: { render: (report) => `${JSON.stringify(report, null, 2)}\n` },
  text: { render: (report, { toGateText }) => `${toGateText(report)}\n` },
  junit: {
    flag: "write the report as JUnit's XML, for test reports of CI systems",
    render: (report, { toJUnit, repositoryPrefix }) => toJUnit(report, { prefix: repositoryPrefix() }),
  },
  markdown: {
    flag: 'write the report as Markdown, for a comment',
    render: (report, { toMarkdown }) => toMarkdown(report),
  },
  github: {
    render: (report, { toGitHubAnnotations, repositoryPrefix }) =>
      toGitHubAnnotations(report, { prefix: repositoryPrefix() }),
  },
  codequality: {
    flag: "write what is not as it should be as GitLab's code quality report",
    render: (report, { toGitLabCodeQuality, repositoryPrefix }) =>
      toGitLabCodeQuality(report, { prefix: repositoryPrefix() }),
  },
  metrics: {
    flag: 'write the values as OpenMetrics text',
    render: (report, { toGitLabMetrics }) => toGitLabMetrics(report),
  },
};

/** Format and file, as flags give them. */
type Asked = readonly [format: string, file: string];

/** `--output <format=file>`, as often as wanted, and a flag of its own for formats that have one. */
export function addOutputOptions(command: Command): Command {
  for (const [format, { flag }] of Object.entries(OUTPUT_FORMATS)) {
    if (flag !== undefined) command.option(`--${format} <file>`, flag);
  }
  const formats = Object.keys(OUTPUT_FORMATS).join(', ');
  return command.option(
    '--output <format=file>',
    `also write the report, as ${formats}; may be repeated`,
    (text: string, before: Asked[] = []) => [...before, parseOutput(text)],
  );
}

function parseOutput(text: string): Asked {
  const at = text.indexOf('=');
  const [format, file] = [text.slice(0, at), text.slice(at + 1)];
  if (at > 0 && file !== '' && Object.hasOwn(OUTPUT_FORMATS, format)) return [format, file];
  throw new InvalidArgumentError(
    `Expected <format>=<file>, the format one of ${Object.keys(OUTPUT_FORMATS).join(', ')}.`,
  );
}

/**
 * Writes the report wherever flags and the configuration ask for it; a flag stands over the configuration's path of its
 * format.
 */
export async function writeOutputs(
  report: GateReport,
  {
    flags,
    configured = {},
    folder,
    library,
  }: {
    readonly flags: object;
    readonly configured?: GateConfig['outputs'];
    /** The configuration's, which its paths are relative to. */
    readonly folder: string;
    readonly library: Library;
  },
): Promise<void> {
  const given = flags as Readonly<Record<string, unknown>> & { readonly output?: readonly Asked[] };
  const own = Object.entries(OUTPUT_FORMATS).flatMap(([format, { flag }]): Asked[] =>
    flag !== undefined && typeof given[format] === 'string' ? [[format, given[format]]] : [],
  );
  const asked = [...own, ...(given.output ?? [])];
  const stated = Object.entries(configured).filter(([format]) => !asked.some(([other]) => other === format));
  const files = [
    ...asked.map(([format, file]) => ({ format, file: path.resolve(file) })),
    ...stated.map(([format, file]) => ({ format, file: path.resolve(folder, file) })),
  ];
  await library.writeTexts(
    files.map(({ format, file }) => ({ file, text: OUTPUT_FORMATS[format].render(report, library) })),
  );
}
