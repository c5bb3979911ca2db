import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gitHubOutputs, toGitHubAnnotations, toGitHubOutput } from '../../src/report/github';
import { oneLine, printable } from '../../src/report/plain-text';
import { anyReport, anyText, HOSTILE, ROWS, report, reportOf, row, suite } from './gate-reports';

interface Command {
  readonly kind: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Reads workflow commands as the runner does: one a line, by its documented escapes. */
function parseCommands(text: string): Command[] {
  return text
    .split(/\r\n|\r|\n/)
    .filter(Boolean)
    .map((line) => {
      const [, kind, list, data] = line.match(/^::([a-z]+)(?: (.*?))?::(.*)$/)!;
      const properties = (list ?? '')
        .split(',')
        .filter(Boolean)
        .map((pair) => {
          const at = pair.indexOf('=');
          return [pair.slice(0, at), unescapeProperty(pair.slice(at + 1))];
        });
      return { kind, properties: Object.fromEntries(properties), message: unescapeData(data) };
    });
}

const unescapeData = (text: string) =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
const unescapeProperty = (text: string) =>
  text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');

/** Reads the file that GITHUB_OUTPUT names as the runner does. */
function parseOutputs(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] === '') continue;
    const [, name, end] = lines[i].match(/^(.+?)<<(.+)$/)!;
    const stop = lines.indexOf(end, i + 1);
    found[name] = lines.slice(i + 1, stop).join('\n');
    i = stop;
  }
  return found;
}

describe('toGitHubAnnotations', () => {
  it('is one workflow command a line, whatever the report', () => {
    fc.assert(
      fc.property(anyReport, (given) => {
        const commands = parseCommands(toGitHubAnnotations(given));
        for (const { kind, properties, message } of commands) {
          expect(['error', 'warning', 'notice']).toContain(kind);
          expect(Object.keys(properties).filter((key) => !['file', 'line', 'title'].includes(key))).toEqual(
            [],
          );
          expect(properties.title.length).toBeLessThanOrEqual(255);
          expect(message.length).toBeGreaterThan(0);
        }
        for (const kind of ['error', 'warning', 'notice']) {
          expect(commands.filter((each) => each.kind === kind).length).toBeLessThanOrEqual(10);
        }
      }),
    );
  });

  it.each(HOSTILE.filter(({ length }) => length < 1000))('gives hostile text back: %j', (text) => {
    const [only, ...others] = parseCommands(toGitHubAnnotations(reportOf(text)));
    expect(others).toEqual([]);
    expect(only.properties.title).toBe(oneLine(`regressed: ${text} of ${text} is 12.3457`));
    if (text) expect(only.message.startsWith(`why: ${printable(text)}\nnext: `)).toBe(true);
    expect(only.properties.file).toBe(text);
  });

  it('is an error where the check fails by it, a notice where nothing is to be done yet', () => {
    const commands = parseCommands(toGitHubAnnotations(report()));
    expect(commands.map(({ kind, properties }) => [kind, properties.title.split(':')[0]])).toEqual([
      ['error', 'error'],
      ['error', 'over limit'],
      ['error', 'regressed'],
      ['error', 'incomparable'],
      ['notice', 'inconclusive'],
      ['notice', 'improved'],
    ]);
    const [warning] = parseCommands(
      toGitHubAnnotations(report([suite([row({ verdict: 'regressed', level: 'warn' })])])),
    );
    expect(warning.kind).toBe('warning');
  });

  it('keeps the worst ten of a kind, the tenth naming the others', () => {
    const rows = Array.from({ length: 14 }, (_, i) =>
      row({ metric: `m${i}`, label: `m${i}`, verdict: i === 13 ? 'error' : 'regressed', fails: true }),
    );
    const commands = parseCommands(toGitHubAnnotations(report([suite(rows)])));
    expect(commands).toHaveLength(10);
    expect(commands[0].properties.title).toMatch(/^error: m13 /);
    expect(commands[9].properties.title).toBe('5 more');
    expect(commands[9].message.split('\n')).toHaveLength(5);
  });

  it('is empty for a report that passes', () => {
    expect(toGitHubAnnotations(report([suite([row()])]))).toBe('');
  });

  it('points at the line of the configuration, from the root of the repository', () => {
    const [first] = parseCommands(toGitHubAnnotations(report([suite([ROWS[2]])]), { prefix: 'a/b/' }));
    expect(first.properties).toMatchObject({ file: 'a/b/gan-metrics.config.json', line: '12' });
  });
});

describe('toGitHubOutput', () => {
  it('gives every value back, and no value can set another', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z][a-z-]{0,9}$/), anyText), (values) => {
        expect(parseOutputs(toGitHubOutput(values))).toEqual({ ...values });
      }),
    );
  });

  it('holds the verdict, the exit code and the counts', () => {
    expect(gitHubOutputs(report())).toEqual({
      verdict: 'error',
      'exit-code': '2',
      error: '1',
      'over-limit': '1',
      regressed: '1',
      incomparable: '1',
      inconclusive: '1',
      improved: '1',
      pass: '1',
    });
  });
});
