import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A Chromium of this machine, named by CHROMIUM or where Debian puts it; undefined where there is none. */
export const chromium = [process.env.CHROMIUM, '/usr/bin/chromium'].find(
  (file) => file !== undefined && existsSync(file),
);

export interface Loaded {
  /** The page as it stands after its scripts. */
  readonly dom: string;
  /** Lines of the console. */
  readonly console: readonly string[];
}

/** Opens a file, gives its scripts time to end, and reads the page. */
export function loadInChromium(file: string, { width = 1280 }: { width?: number } = {}): Promise<Loaded> {
  const profile = mkdtempSync(path.join(tmpdir(), 'gan-metrics-chromium-'));
  const child = spawn(chromium!, [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--enable-logging=stderr',
    `--user-data-dir=${profile}`,
    `--window-size=${width},900`,
    '--virtual-time-budget=60000',
    '--dump-dom',
    pathToFileURL(file).href,
  ]);
  let [dom, log] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    dom += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    log += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      resolve({ dom, console: log.split('\n').filter((line) => line.includes(':CONSOLE')) });
    });
  });
}
