/** Exit code of a process ended by SIGINT, as shells report it. */
const INTERRUPTED = 130;

/**
 * Runs the body of a command: Ctrl-C aborts `signal` (a second one ends at once), an error is shown in one
 * piece (as `{ error }` on stdout too with `json`) and sets the exit code.
 */
export async function runCommand(
  { json }: { json: boolean },
  body: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  try {
    await body(controller.signal);
  } catch (error) {
    const { code, message, details } = describe(error);
    if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, details } }, null, 2)}\n`);
    process.stderr.write(`${code === 'ABORTED' ? 'stopped' : 'error'} ${code}: ${message}\n`);
    process.exitCode = code === 'ABORTED' ? INTERRUPTED : 2;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

function describe(error: unknown): { code: string; message: string; details: unknown } {
  if (!(error instanceof Error)) return { code: 'CRASH', message: String(error), details: {} };
  const { code = 'CRASH', details = {} } = error as { code?: string; details?: unknown };
  // What nobody foresaw is worth its stack.
  return { code, message: code === 'CRASH' ? (error.stack ?? error.message) : error.message, details };
}
