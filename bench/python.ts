/** The Python tools that this package is held against, where a Python has them. */
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { projectFile } from '../tests/reference';

/** Named by GAN_METRICS_PYTHON, by default the system's. */
const python = process.env.GAN_METRICS_PYTHON ?? '/usr/bin/python3';

/** Why these modules cannot be used, or undefined where they can. */
export async function missingModules(modules: readonly string[]): Promise<string | undefined> {
  try {
    await run(python, ['-c', `import ${modules.join(', ')}`]);
    return undefined;
  } catch (error) {
    const lines = String((error as { stderr?: string }).stderr || (error as Error).message).trim();
    return `${python}: ${lines.split('\n').pop()}. Name a Python that has ${modules.join(', ')} by GAN_METRICS_PYTHON.`;
  }
}

/** Why these modules cannot be used on a card of NVIDIA's, or undefined where they can. */
export async function missingCuda(modules: readonly string[]): Promise<string | undefined> {
  const missing = await missingModules(modules);
  if (missing) return missing;
  const { stdout } = await run(python, ['-c', 'import torch; print(torch.cuda.is_available())']);
  return stdout.trim() === 'True' ? undefined : `${python}: torch finds no CUDA device.`;
}

/** Runs a script of bench/python to its end and reads the JSON in its last line. */
export async function runPython<Answer>(script: string, args: readonly string[]): Promise<Answer> {
  const file = projectFile('bench', 'python', script);
  const { stdout } = await run(python, [file, ...args], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout.trim().split('\n').pop()!);
}

/** A script of bench/python that answers requests, a line of JSON each. */
export async function openPython(script: string, args: readonly string[]) {
  const child = spawn(python, [projectFile('bench', 'python', script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended early.`);
    return JSON.parse(value);
  };
  const greeting: Record<string, string> = await next();
  return {
    greeting,
    ask: (request: object) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return next();
    },
    close: () => {
      child.stdin.end();
    },
  };
}

const run = promisify(execFile);
