import type { Progress } from '../index';

/** How often a plain line is written where there is no terminal to draw a bar on. */
const PLAIN_INTERVAL_MS = 10_000;
const BAR_INTERVAL_MS = 100;
const BAR_WIDTH = 24;

/** Shows progress on stderr: a bar on a terminal, a plain line now and then elsewhere. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): {
  update(progress: Progress): void;
  clear(): void;
} {
  const interval = stream.isTTY ? BAR_INTERVAL_MS : PLAIN_INTERVAL_MS;
  let phase = '';
  let started = 0;
  let shown = 0;
  let drawn = false;

  const clear = () => {
    if (drawn) stream.write('\r\u001b[K');
    drawn = false;
  };
  const update = ({ stage, source, done, total }: Progress) => {
    const now = performance.now();
    const name = `${stage === 'check' ? 'checking' : 'extracting'} ${source}`;
    if (name !== phase) {
      phase = name;
      started = now;
      // A short phase shows nothing on a log, and at once on a terminal.
      shown = stream.isTTY ? 0 : now;
    }
    const finished = done === total;
    if (now - shown < interval && !(finished && drawn)) return;
    shown = now;
    const line = describe({ name, done, total, elapsedMs: now - started });
    if (!stream.isTTY) {
      stream.write(`${line}\n`);
      return;
    }
    const filled = Math.round((done / Math.max(total, 1)) * BAR_WIDTH);
    stream.write(`\r\u001b[K${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${line}`);
    drawn = true;
    if (finished) clear();
  };
  return { update, clear };
}

function describe({
  name,
  done,
  total,
  elapsedMs,
}: {
  name: string;
  done: number;
  total: number;
  elapsedMs: number;
}): string {
  const rate = done / Math.max(elapsedMs / 1000, 1e-3);
  const counts = `${name}: ${done}/${total}`;
  if (done === 0) return counts;
  const left = done < total ? `, ${duration((total - done) / rate)} left` : '';
  return `${counts}, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} images/s${left}`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
