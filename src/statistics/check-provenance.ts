import { GanMetricsError } from '../errors';
import type { StatisticsProvenance } from './provenance';

/** What a run does, or another file says: that which numbers of a file must agree with. */
export interface ExpectedProvenance {
  /** Who expects it, in messages: `this run`, `real.npz`. */
  readonly by: string;
  /** Its name alone where the weights were not looked at. */
  readonly model: { readonly id: string; readonly sha256: string | null };
  readonly preprocessing: string | null;
  readonly input?: Readonly<Record<string, unknown>> | undefined;
  readonly dims?: number | null | undefined;
  /** Left out where no covariance of the file is used. */
  readonly ddof?: 0 | 1 | undefined;
  /** Left out where no logits of the file are used. */
  readonly classifier?: 'unbiased' | 'biased' | undefined;
}

/** A file, as far as it is compared. */
export interface ProvenanceOfFile {
  readonly path: string;
  readonly provenance: StatisticsProvenance | null;
  /** Values per image of what it holds, whatever it says. */
  readonly dims?: number | null | undefined;
}

/** A remark about a file; one of the warnings that results carry. */
export interface ProvenanceWarning {
  readonly code: 'PROVENANCE_UNKNOWN';
  readonly message: string;
}

/**
 * Numbers of different networks or preprocessings have nothing to do with each other, yet nothing in a number
 * shows it. So a file must say that its own fit; one that does not say how it was made is used with a warning.
 *
 * @throws PROVENANCE_MISMATCH, with `details` `field`, `file`, `expected`
 */
export function checkProvenance(
  { path, provenance, dims: width }: ProvenanceOfFile,
  expected: ExpectedProvenance,
): ProvenanceWarning[] {
  if (!provenance) {
    requireEqual(path, expected, [['dims', width, expected.dims]]);
    return [unknownProvenance(path, expected)];
  }
  const { by, model, preprocessing, input, dims, ddof, classifier } = expected;
  const found = provenance.model;
  if (model.sha256 === null ? found.id !== model.id : found.sha256 !== model.sha256) {
    const named = found.id !== model.id;
    const remedy = named
      ? `Use that model (--model ${found.id})`
      : 'These are two files of weights by one name: use the one the file was made with';
    throw mismatch(path, {
      field: 'model',
      found: named ? found.id : `${found.id} with SHA-256 ${found.sha256}`,
      expected: named ? model.id : `${model.id} with SHA-256 ${model.sha256}`,
      by,
      remedy,
    });
  }
  requireEqual(path, expected, [
    ['preprocessing', provenance.preprocessing, preprocessing],
    ['input', inWords(provenance.input), inWords(input)],
    ['dims', width ?? provenance.dims, dims],
    ['ddof', provenance.ddof, ddof],
    ['classifier', provenance.classifier, classifier],
  ]);
  return [];
}

type Fact = string | number | null | undefined;

/** What one side does not say is not compared. */
function requireEqual(
  path: string,
  { by }: ExpectedProvenance,
  facts: readonly (readonly [field: string, found: Fact, expected: Fact])[],
): void {
  for (const [field, found, expected] of facts) {
    if (found === undefined || found === null || expected === undefined || expected === null) continue;
    if (found === expected) continue;
    throw mismatch(path, { field, found, expected, by, remedy: 'Use the same for both' });
  }
}

function inWords(input: Readonly<Record<string, unknown>> | undefined): string | undefined {
  return input && JSON.stringify(Object.fromEntries(Object.entries(input).sort()));
}

function mismatch(
  path: string,
  {
    field,
    found,
    expected,
    by,
    remedy,
  }: {
    field: string;
    found: unknown;
    expected: unknown;
    by: string;
    remedy: string;
  },
): GanMetricsError {
  return new GanMetricsError(
    'PROVENANCE_MISMATCH',
    `${path} does not fit: its ${field} is ${found}, that of ${by} is ${expected}. ${remedy}, or make the file again (gan-metrics stats <images> -o ${path}).`,
    { details: { path, field, file: found, expected } },
  );
}

function unknownProvenance(
  path: string,
  { by, model, preprocessing }: ExpectedProvenance,
): ProvenanceWarning {
  const taken = [model.id, ...(preprocessing ? [preprocessing] : [])].join(', ');
  return {
    code: 'PROVENANCE_UNKNOWN',
    message: `${path} does not say how it was made; taken to be made as ${by} has it (${taken}). If it is not, the value means nothing.`,
  };
}
