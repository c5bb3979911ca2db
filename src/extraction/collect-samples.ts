import { GanMetricsError } from '../errors';
import type { BadImage } from '../images/check-images';
import type { ImageSource } from '../images/image-source';
import { requireSamples } from '../math/statistics';
import type { Sample } from '../metrics/metric';
import type { Warning } from '../metrics/warning';
import { isKnownModel } from '../models/find-model';
import { checkProvenance, type ExpectedProvenance } from '../statistics/check-provenance';
import type { StatisticsFile } from '../statistics/open-statistics-file';
import type { StatisticsProvenance } from '../statistics/provenance';
import { DEFAULT_MODEL, type ExtractionOptions, resolveOptions } from './options';
import { type FileProvenance, provenanceOfFiles } from './provenance-of-files';
import { type Pass, type Plan, type Provenance, runExtraction } from './run-extraction';
import { type CollectedSample, type Need, outputsFor, sampleCollector } from './sample-collector';
import { expectedOf, openSourceFile, type ReadOptions, readSample, supplies } from './source-file';

/** {@link Provenance} of numbers some or all of which come from files. */
export interface SampleProvenance
  extends Omit<Provenance, 'model' | 'preprocessing' | 'input' | 'runtime'>,
    FileProvenance {
  /** null where no network was run. */
  readonly runtime: Provenance['runtime'] | null;
  /** Files of statistics or features that stood for images, by set, and what they say of themselves. */
  readonly files: Readonly<
    Record<string, { readonly path: string; readonly provenance: StatisticsProvenance | null }>
  >;
}

/** What became of one source. */
export interface SampleSet {
  /** What was needed of it, as far as it can be had. */
  readonly sample: Partial<Sample>;
  /** Names of the images, in the order of the rows; empty where a file stood for them. */
  readonly names: readonly string[];
  /** Images; null where a file of statistics does not say. */
  readonly n: number | null;
  /** Images left out because they could not be read. */
  readonly skipped: readonly BadImage[];
  /** Why a need could not be had of a file. */
  readonly missing: Readonly<Partial<Record<Need, GanMetricsError>>>;
}

export interface CollectOptions extends ExtractionOptions {
  readonly needs: ReadonlySet<Need>;
  /** Collected as well where a file holds it or the model offers it. */
  readonly optional?: ReadonlySet<Need> | undefined;
  readonly logits?: 'unbiased' | 'biased' | undefined;
  readonly onPlan?: ((plan: Plan) => void) | undefined;
  /** Looks at what can be had, before anything is spent on it, and may throw. */
  readonly onMissing?: ((missing: Readonly<Record<string, SampleSet['missing']>>) => void) | undefined;
}

/** A source, and where what is needed of it comes from. */
interface Opened {
  readonly source: ImageSource;
  readonly file: StatisticsFile | undefined;
  readonly stored: readonly Need[];
  readonly extracted: readonly Need[];
  readonly optional: readonly Need[];
  readonly missing: SampleSet['missing'];
}

/**
 * Collects what metrics need of every source: from the file where it is one that holds it, from its images through
 * the network otherwise. Files are checked against the run before the first image is decoded; where there are only
 * files, no network is opened.
 *
 * @throws what `evaluate` throws; PROVENANCE_MISMATCH, CORRUPT_FILE, UNSAFE_FILE, UNSUPPORTED_FILE from files
 */
export async function collectSamples<Name extends string>(
  sources: Readonly<Record<Name, ImageSource>>,
  { needs, optional = new Set(), onMissing, ...options }: CollectOptions,
): Promise<{ sets: Record<Name, SampleSet>; provenance: SampleProvenance; warnings: Warning[] }> {
  const opened = {} as Record<Name, Opened>;
  for (const [name, source] of entries(sources)) opened[name] = await open(source, { needs, optional });
  onMissing?.(mapped(opened, ({ missing }) => missing));
  for (const [name, { file }] of entries(opened)) {
    if (file && file.count !== null) requireSamples(file.count, `${name} (${file.path})`);
  }
  const made = Object.values<Opened>(opened).some(({ extracted }) => extracted.length > 0)
    ? await runImages(opened, { ...options, onMissing })
    : await takeFiles(opened, options);
  const sets = {} as Record<Name, SampleSet>;
  for (const [name, each] of entries(opened)) {
    const missing = missingOf(each, made.lacking);
    sets[name] = await setOf({ ...each, missing }, made.passes[name], {
      ...resolveOptions(options),
      ddof: made.ddof,
    });
  }
  return { sets, provenance: made.provenance, warnings: made.warnings };
}

/** What the images became, where there are any, and what all numbers have in common. */
interface Made<Name extends string> {
  readonly passes: Partial<Record<Name, Pass<CollectedSample>>>;
  readonly provenance: SampleProvenance;
  readonly ddof: 0 | 1;
  readonly warnings: Warning[];
  /** What the network does not put out. */
  readonly lacking: SampleSet['missing'];
}

type RunOptions = Omit<CollectOptions, 'needs' | 'optional'>;

async function runImages<Name extends string>(
  opened: Readonly<Record<Name, Opened>>,
  { logits = 'unbiased', onPlan, onMissing, ...options }: RunOptions,
): Promise<Made<Name>> {
  const { ddof, preprocessing = null } = resolveOptions(options);
  const check = (expected: ExpectedProvenance) => checkFiles(opened, { ...expected, classifier: logits });
  // The name alone can tell that a file does not fit, before a model is looked for.
  if (isKnownModel(options.model)) {
    const model = { id: options.model ?? DEFAULT_MODEL, sha256: null };
    check({ by: 'this run', model, preprocessing, dims: options.dims });
  }
  const withImages = entries(opened).filter(([, { extracted }]) => extracted.length > 0);
  const wanted = withImages.flatMap(([, { extracted }]) => extracted);
  // Without features there is nothing to measure; what else a network lacks costs single metrics.
  const required = outputsFor(wanted).filter((output) => output === 'features');
  let warnings: Warning[] = [];
  let lacking: SampleSet['missing'] = {};
  const { passes, provenance } = await runExtraction<Name, CollectedSample>(
    Object.fromEntries(withImages.map(([name, { source }]) => [name, source])) as Record<Name, ImageSource>,
    {
      ...options,
      outputs: required,
      optional: outputsFor([...wanted, ...withImages.flatMap(([, { optional }]) => optional)]),
      collector: (count, name, outputs) => {
        const { extracted, optional } = opened[name];
        const offered = [...extracted, ...optional].filter((need) => isOffered(need, outputs));
        return sampleCollector(new Set(offered), { count, ddof });
      },
      least: 2,
      bias: logits === 'biased',
      onPlan: (plan) => {
        const offered = Object.keys(plan.widths);
        const missing = wanted.filter((need) => !isOffered(need, offered));
        lacking = Object.fromEntries(missing.map((need) => [need, notOffered(need, plan)]));
        if (missing.length > 0) onMissing?.(mapped(opened, (each) => missingOf(each, lacking)));
        warnings = [...plan.warnings, ...check({ by: 'this run', ddof, ...plan.provenance })];
        onPlan?.(plan);
      },
    },
  );
  return { passes, provenance: { ...provenance, files: usedFiles(opened) }, ddof, warnings, lacking };
}

async function takeFiles<Name extends string>(
  opened: Readonly<Record<Name, Opened>>,
  { logits = 'unbiased', ...options }: RunOptions,
): Promise<Made<Name>> {
  const { ddof, limit = null, seed } = resolveOptions(options);
  const files = Object.values<Opened>(opened).map(({ file }) => file!);
  const { expected, provenance } = await provenanceOfFiles(files, options);
  return {
    passes: {},
    provenance: { ...provenance, runtime: null, limit, seed, files: usedFiles(opened) },
    ddof: expected.ddof ?? ddof,
    warnings: checkFiles(opened, { ...expected, classifier: logits }),
    lacking: {},
  };
}

async function setOf(
  { file, stored, missing }: Opened,
  pass: Pass<CollectedSample> | undefined,
  options: ReadOptions,
): Promise<SampleSet> {
  const read = file && stored.length > 0 ? await readSample(file, stored, options) : undefined;
  return {
    sample: { ...read?.sample, ...pass?.result.sample },
    names: pass?.result.files ?? [],
    n: read ? read.n : (pass?.result.files.length ?? 0),
    skipped: pass?.skipped ?? [],
    missing,
  };
}

function checkFiles(opened: Readonly<Record<string, Opened>>, expected: ExpectedProvenance): Warning[] {
  return Object.values(opened).flatMap(({ file, stored }) =>
    file && stored.length > 0 ? checkProvenance(file, expectedOf(file, stored, expected)) : [],
  );
}

function usedFiles(opened: Readonly<Record<string, Opened>>): SampleProvenance['files'] {
  const used = Object.entries(opened).flatMap(([name, { file, stored }]) =>
    file && stored.length > 0 ? [[name, { path: file.path, provenance: file.provenance }] as const] : [],
  );
  return Object.fromEntries(used);
}

async function open(
  source: ImageSource,
  { needs, optional }: { needs: ReadonlySet<Need>; optional: ReadonlySet<Need> },
): Promise<Opened> {
  const file = await openSourceFile(source);
  const stored = file ? [...needs, ...optional].filter((need) => supplies(file, need)) : [];
  const others = [...needs].filter((need) => !stored.includes(need));
  if (!file || file.holds.has('images')) {
    // Images are run for what is needed, not for what would be nice to have.
    const more = others.length > 0 ? [...optional].filter((need) => !stored.includes(need)) : [];
    return { source, file, stored, extracted: others, optional: more, missing: {} };
  }
  const missing = others.map((need) => [need, notHeld(file, need)]);
  return { source, file, stored, extracted: [], optional: [], missing: Object.fromEntries(missing) };
}

function isOffered(need: Need, outputs: readonly string[]): boolean {
  return outputsFor([need]).every((output) => outputs.includes(output));
}

/** What a source cannot give, for its own part and for the network's. */
function missingOf({ extracted, missing }: Opened, lacking: SampleSet['missing']): SampleSet['missing'] {
  const own = Object.entries(lacking).filter(([need]) => extracted.includes(need as Need));
  return { ...missing, ...Object.fromEntries(own) };
}

const OUTPUT_WORDS: Partial<Record<Need, string>> = {
  logits: 'logits: it is no classifier',
  spatialStatistics: 'output "spatial": of the built-in networks only inception-v3 has one',
  spatialFeatures: 'output "spatial": of the built-in networks only inception-v3 has one',
};

function notOffered(need: Need, { provenance }: Plan): GanMetricsError {
  return new GanMetricsError(
    'INVALID_OPTION',
    `${provenance.model.id} has no ${OUTPUT_WORDS[need] ?? need}.`,
    { details: { model: provenance.model.id, need } },
  );
}

function notHeld({ path, holds }: StatisticsFile, need: Need): GanMetricsError {
  return new GanMetricsError(
    'UNSUPPORTED_FILE',
    `${path} holds ${[...holds.keys()].join(', ')} but no ${need}. Name the images, or a file that has them (gan-metrics stats <images> --features).`,
    { details: { file: path, holds: [...holds.keys()], need } },
  );
}

function mapped<Name extends string, In, Out>(
  record: Readonly<Record<Name, In>>,
  value: (item: In) => Out,
): Record<Name, Out> {
  return Object.fromEntries(entries(record).map(([name, item]) => [name, value(item)])) as Record<Name, Out>;
}

function entries<Name extends string, Value>(record: Readonly<Record<Name, Value>>): [Name, Value][] {
  return Object.entries(record) as [Name, Value][];
}
