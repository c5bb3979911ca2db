import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectFile } from '../reference';

/** A command of a console block and what it printed on stdout. */
export interface ConsoleStep {
  readonly command: string;
  /** What the block shows below the command. */
  readonly shown: string;
  readonly printed: string;
  readonly code: number;
}

/**
 * Runs the commands of a console block (`$ …`) one after the other in one shell, with `gan-metrics` and
 * `npx gan-metrics` standing for the command line as it is built.
 */
export async function runConsole(block: string): Promise<ConsoleStep[]> {
  const steps = readSteps(block);
  const mark = '-- next command --';
  // The mark leaves $? as it was, so that `echo $?` can show it.
  const script = steps.map(({ command }) => `${command}\ncode=$?; echo; echo "${mark}$code"; (exit $code)`);
  const output = await shell(script.join('\n'));
  const parts = output.split(new RegExp(`\n${mark}(\\d+)\n`));
  return steps.map((step, i) => ({ ...step, printed: parts[2 * i], code: Number(parts[2 * i + 1]) }));
}

const DECIMAL = /-?\d+\.\d+(?:e[-+]\d+)?/g;

/**
 * Whether a block shows what was printed. `…` stands for anything. Decimals may differ by one in the last digit shown:
 * a network's float32 sums differ between processors by 1e-7 or so, which carries a number over the edge of rounding.
 */
export function showsOutput(shown: string, printed: string): boolean {
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('…', '[\\s\\S]*');
  const pattern = shown.split(DECIMAL).map(literal).join(`(${DECIMAL.source})`);
  const match = printed.trimEnd().match(new RegExp(`^${pattern}$`));
  const numbers = shown.match(DECIMAL) ?? [];
  return match !== null && numbers.every((number, i) => isClose(number, match[i + 1]));
}

function isClose(shown: string, printed: string): boolean {
  const [, decimals, exponent = '0'] = shown.match(/\.(\d+)(?:e(.*))?$/)!;
  const unit = 10 ** (Number(exponent) - decimals.length);
  return Math.abs(Number(shown) - Number(printed)) < 1.5 * unit;
}

function readSteps(block: string): { command: string; shown: string }[] {
  const [, ...parts] = block.split(/^\$ /m);
  return parts.map((part) => {
    const [command] = part.match(/^(?:.*\\\n)*.*/)!;
    return { command, shown: part.slice(command.length).trim() };
  });
}

function shell(script: string): Promise<string> {
  const bin = commandsFolder();
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script], {
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}

function commandsFolder(): string {
  const bin = path.resolve('node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  const run = `exec "${process.execPath}" "${projectFile('dist/cli.js')}" "$@"`;
  const commands = { 'gan-metrics': run, npx: `[ "$1" = gan-metrics ] || exit 127\nshift\n${run}` };
  for (const [name, text] of Object.entries(commands)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  return bin;
}
