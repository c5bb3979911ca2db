import type { Provenance } from './extraction/open-network';
import type { ExtractionOptions } from './extraction/options';
import { type Collector, runExtraction } from './extraction/run-extraction';
import { rowsOf } from './extraction/sample-collector';
import type { BadImage } from './images/check-images';
import type { ImageSource } from './images/image-source';
import type { Matrix } from './math/matrix';
import type { Warning } from './metrics/warning';
import type { OutputName } from './models/model';

/** Outputs of a network for a set of images, and how they came about. */
export interface ExtractedFeatures extends Provenance {
  /** For every output asked for: images × values, float32. */
  readonly outputs: Readonly<Record<string, Matrix<Float32Array>>>;
  /** Names of the images: row i of every output belongs to `files[i]`. */
  readonly files: readonly string[];
  /** Images left out because they could not be read. */
  readonly skipped: readonly BadImage[];
  readonly warnings: readonly Warning[];
}

/**
 * Runs a set of images through a network and keeps what comes out, in the order of the files.
 *
 * @param source   a folder (searched recursively) or a list of files
 * @param options  outputs (`['features']`), model, preprocessing, runtime; see {@link ExtractionOptions}
 * @throws what `evaluate` throws, and INVALID_OPTION for an output that the model has not
 * @example
 * import { extractFeatures } from 'gan-metrics';
 *
 * const { outputs, files } = await extractFeatures('fixtures/fake', {
 *   model: 'cifar10-resnet',
 *   outputs: ['features', 'logits'],
 *   limit: 8,
 * });
 * console.log(files.length, outputs.features.columns, outputs.logits.columns); // 8 192 10
 */
export async function extractFeatures(
  source: ImageSource,
  {
    outputs = ['features'],
    ...options
  }: ExtractionOptions & { readonly outputs?: readonly OutputName[] } = {},
): Promise<ExtractedFeatures> {
  const { passes, provenance, warnings } = await runExtraction(
    { images: source },
    { ...options, outputs, collector: (count) => featureCollector(outputs, count) },
  );
  const { result, skipped } = passes.images;
  return { ...result, skipped, warnings, ...provenance };
}

function featureCollector(
  outputs: readonly OutputName[],
  count: number | null,
): Collector<Pick<ExtractedFeatures, 'outputs' | 'files'>> {
  const files: string[] = [];
  const parts = Object.fromEntries(outputs.map((name) => [name, rowsOf(name, count)]));
  return {
    add(batch) {
      files.push(...batch.files.map(({ name }) => name));
      for (const part of Object.values(parts)) part.add(batch.outputs, batch.files.length);
    },
    finish: () => ({
      files,
      outputs: Object.fromEntries(outputs.map((name) => [name, parts[name].finish()])),
    }),
  };
}
