import { GanMetricsError } from '../errors';
import { graphBuilder } from '../models/graph-builder';
import type { GraphModel } from '../models/model';
import type { Runtime } from './runtime';

/**
 * Runs a network of one layer, because what is installed does not say whether there is a GPU for it.
 *
 * @throws RUNTIME_MISSING with the reason where it does not run, or computes something else
 */
export async function proveDevice(runtime: Runtime): Promise<void> {
  const model = smallestNetwork();
  const found = await runOn(runtime, model).catch((cause: unknown) => {
    const reason = cause instanceof Error ? inShort(cause.message) : String(cause);
    throw unusable(`${runtime.engine} does not run: ${reason}`, cause);
  });
  if (found.every((value, i) => Math.abs(value - EXPECTED[i]) < 1e-5)) return;
  throw unusable(
    `${runtime.engine} computes wrongly on ${runtime.device}: ${[...found].join(', ')} instead of ${EXPECTED.join(', ')}`,
  );
}

const INPUT = Float32Array.of(1, 2, 3, -4, 5, 0.5);
/** Of each channel the mean over both pixels of what is above zero. */
const EXPECTED = [0.5, 3.5, 1.75];

function smallestNetwork(): GraphModel {
  const builder = graphBuilder();
  const images = builder.input('images', { width: 2, height: 1 });
  builder.mean('features', builder.relu('positive', images));
  return {
    id: 'proof',
    sha256: '0'.repeat(64),
    graph: builder.build(),
    input: { node: 'images', width: 2, height: 1 },
    preprocessing: 'clean',
    outputs: { features: { node: 'features', size: 3 } },
  };
}

async function runOn(runtime: Runtime, model: GraphModel): Promise<Float32Array> {
  const network = await runtime.open(model, ['features']);
  try {
    return (await network.run(INPUT, 1)).features;
  } finally {
    await network.dispose();
  }
}

/** Without what runtimes and native code put before and after the reason itself. */
function inShort(message: string): string {
  const [line] = message.trim().split('\n');
  return line
    .replace(/^.*? could not (open|run) proof( on \w+)?: /, '')
    .replace(/^\/\S+:\d+ .*? was false\. /, '')
    .replace(/\.$/, '');
}

function unusable(message: string, cause?: unknown): GanMetricsError {
  return new GanMetricsError('RUNTIME_MISSING', message, { cause });
}
