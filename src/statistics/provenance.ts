import { corruptFile } from '../files/corrupt-file';

/** How the numbers in a file came about, as far as numbers are comparable only where it agrees. Plain data. */
export interface StatisticsProvenance {
  readonly model: { readonly id: string; readonly sha256: string };
  readonly preprocessing: string;
  /** The covariance's divisor is n − ddof. */
  readonly ddof: 0 | 1;
  /** Values per image of the features; null where there are none. */
  readonly dims: number | null;
  /** The network's input, where its size, crop or scaling can differ. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** The tool whose choices were taken. */
  readonly compat?: string | null;
  /** Which logits there are: with the last layer's bias or without. */
  readonly classifier?: 'unbiased' | 'biased' | null;
  readonly runtime?: { readonly name: string; readonly device: string; readonly engine: string };
  /** The images were at most so many, drawn with `seed`. */
  readonly limit?: number | null;
  readonly seed?: number;
  /** The version of gan-metrics that wrote it; set by the writer. */
  readonly version?: string;
}

/** Provenance as the text of an entry; what is no part of it stays behind. */
export function formatProvenance(given: StatisticsProvenance, version: string): string {
  const { model, preprocessing, ddof, dims, input, compat, classifier, runtime, limit, seed } = given;
  const { id, sha256 } = model;
  return JSON.stringify({
    version,
    model: { id, sha256 },
    preprocessing,
    ddof,
    dims,
    input,
    compat,
    classifier,
    runtime,
    limit,
    seed,
  });
}

/**
 * Reads what {@link formatProvenance} wrote, by this version or another.
 *
 * @throws CORRUPT_FILE where what numbers depend on is missing
 */
export function parseProvenance(text: string, file: string): StatisticsProvenance {
  const value = parseObject(text);
  const model = value?.model as Record<string, unknown> | undefined;
  const sound =
    typeof model?.id === 'string' &&
    typeof model.sha256 === 'string' &&
    typeof value?.preprocessing === 'string' &&
    (value.ddof === 0 || value.ddof === 1) &&
    (value.dims === null || Number.isSafeInteger(value.dims));
  if (!sound)
    throw corruptFile(file, 'its gan_metrics entry does not name model, preprocessing, ddof and dims');
  return value as unknown as StatisticsProvenance;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
