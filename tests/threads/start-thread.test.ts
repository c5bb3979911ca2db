import { resolveObjectURL } from 'node:buffer';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { availableThreads, startThread } from '../../src/threads/start-thread';
import { projectFile } from '../reference';

/** What another thread is asked to do: write 7 to shared memory. */
const SOURCE = '({ shared }) => { Atomics.store(shared, 0, 7); Atomics.notify(shared, 0); }';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('threads in Node', () => {
  it('run a function on the data given, without this thread giving way', () => {
    const shared = new Int32Array(new SharedArrayBuffer(4));
    const thread = startThread(SOURCE, { shared });
    Atomics.wait(shared, 0, 0, 20_000);
    expect(shared[0]).toBe(7);
    thread!.end();
  });

  it.each([
    ['fail', '() => { throw new Error("no"); }'],
    ['never finish', '({ shared }) => Atomics.wait(shared, 0, 0)'],
  ])('that %s leave the process to end well', async (_, source) => {
    const script = `
      import { startThread } from ${JSON.stringify(projectFile('src', 'threads', 'start-thread.ts'))};
      startThread(${JSON.stringify(source)}, { shared: new Int32Array(new SharedArrayBuffer(4)) });
      setTimeout(() => console.log('done'), 200);`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: projectFile(),
      timeout: 20_000,
    });
    expect(stdout).toContain('done');
  });
});

describe('threads in a browser', () => {
  class FakeWorker {
    static readonly made: FakeWorker[] = [];
    readonly messages: unknown[] = [];
    ended = false;
    constructor(readonly url: string) {
      FakeWorker.made.push(this);
    }
    postMessage(data: unknown) {
      this.messages.push(data);
    }
    terminate() {
      this.ended = true;
    }
  }
  const browser = ({ isolated }: { isolated: boolean }) => {
    vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });
    vi.stubGlobal('navigator', { hardwareConcurrency: 6 });
    vi.stubGlobal('crossOriginIsolated', isolated);
    vi.stubGlobal('Worker', FakeWorker);
  };

  it('are as many as it has processors where the page is isolated, and one where it is not', () => {
    browser({ isolated: true });
    expect(availableThreads()).toBe(6);
    browser({ isolated: false });
    expect(availableThreads()).toBe(1);
  });

  it('are one where this thread may not wait', () => {
    browser({ isolated: true });
    vi.stubGlobal('Atomics', {
      wait: () => {
        throw new TypeError('Atomics.wait cannot be called in this context');
      },
    });
    expect(availableThreads()).toBe(1);
  });

  it('get their function as a script, and the data as a message', async () => {
    browser({ isolated: true });
    const data = { shared: new Int32Array(1) };
    const thread = startThread(SOURCE, data)!;
    const worker = FakeWorker.made.at(-1)!;
    expect(worker.messages).toEqual([data]);
    const script = await resolveObjectURL(worker.url)!.text();
    const scope: { onmessage?: (event: { data: unknown }) => void } = {};
    new Function('scope', `with (scope) { ${script} }`)(Object.assign(scope, { onmessage: undefined }));
    scope.onmessage!({ data });
    expect(data.shared[0]).toBe(7);
    thread.end();
    expect(worker.ended).toBe(true);
  });
});
