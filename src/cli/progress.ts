import type { Progress, StoreProgress } from '../index';

/** How often a plain line is written where there is no terminal to draw a bar on. */
const PLAIN_INTERVAL_MS = 10_000;
const BAR_INTERVAL_MS = 100;
const BAR_WIDTH = 24;

/** Work that is counted: images, or bytes of a download. */
interface Count {
  readonly name: string;
  readonly done: number;
  /** Unknown for some downloads. */
  readonly total: number | null;
  readonly unit: 'images' | 'MB';
}

/** Progress on stderr: a bar on a terminal, a plain line now and then elsewhere. */
export interface ProgressDisplay {
  update(progress: Progress): void;
  updateStore(progress: StoreProgress): void;
  /** A line that stays. */
  note(text: string): void;
  /** Takes the bar away, before something else is written. */
  clear(): void;
}

export function createProgress(stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  const interval = stream.isTTY ? BAR_INTERVAL_MS : PLAIN_INTERVAL_MS;
  let current = '';
  let first = { time: 0, done: 0 };
  let shown = 0;
  let drawn = false;

  const clear = () => {
    if (drawn) stream.write('\r\u001b[K');
    drawn = false;
  };
  const note = (text: string) => {
    clear();
    stream.write(`${text}\n`);
  };
  const draw = (count: Count) => {
    const now = performance.now();
    if (count.name !== current) {
      current = count.name;
      // The rate counts from here: a resumed download starts with bytes that were there.
      first = { time: now, done: count.done };
      // A short phase shows nothing on a log, and at once on a terminal.
      shown = stream.isTTY ? 0 : now;
    }
    if (count.done === count.total) return clear();
    if (now - shown < interval) return;
    shown = now;
    const line = describe(count, (count.done - first.done) / Math.max((now - first.time) / 1000, 1e-3));
    if (!stream.isTTY) return note(line);
    const filled = Math.round((count.done / (count.total || Number.POSITIVE_INFINITY)) * BAR_WIDTH);
    stream.write(`\r\u001b[K${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${line}`);
    drawn = true;
  };
  return {
    note,
    clear,
    update: ({ stage, source, done, total }) =>
      draw({
        name: `${stage === 'check' ? 'checking' : 'extracting'} ${source}`,
        done,
        total,
        unit: 'images',
      }),
    updateStore: (progress) => {
      if (progress.stage !== 'downloading') return note(storeNote(progress));
      const { receivedBytes, totalBytes } = progress;
      const total = totalBytes === null ? null : totalBytes / 1e6;
      draw({ name: 'downloading', done: receivedBytes / 1e6, total, unit: 'MB' });
    },
  };
}

function storeNote(progress: Exclude<StoreProgress, { stage: 'downloading' }>): string {
  switch (progress.stage) {
    case 'connecting':
      return `downloading ${progress.url}`;
    case 'retrying':
      return `${progress.reason}; trying again in ${(progress.delayMs / 1000).toFixed(1)} s`;
    case 'failed':
      return `gave up on ${progress.url}: ${progress.reason}`;
    case 'verifying':
      return 'verifying the download';
    case 'converting':
      return 'converting the weights, once';
    case 'waiting':
      return `waiting for another process${progress.pid === null ? '' : ` (${progress.pid})`} to finish the same work`;
  }
}

function describe({ name, done, total, unit }: Count, rate: number): string {
  const counts = `${name}: ${Math.round(done)}${total === null ? '' : `/${Math.round(total)}`}`;
  if (rate <= 0) return `${counts} ${unit}`;
  const left = total === null ? '' : `, ${duration((total - done) / rate)} left`;
  return `${counts}, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} ${unit}/s${left}`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
