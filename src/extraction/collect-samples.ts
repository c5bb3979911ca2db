import { GanMetricsError } from '../errors';
import type { ImageSource } from '../images/image-source';
import { requireSamples } from '../math/statistics';
import type { Warning } from '../metrics/warning';
import { isKnownModel } from '../models/find-model';
import { checkProvenance, type ExpectedProvenance } from '../statistics/check-provenance';
import type { KeptSet } from './kept-set';
import type { Networks } from './open-network';
import { DEFAULT_MODEL, type ExtractionOptions, resolveOptions } from './options';
import { provenanceOfFiles } from './provenance-of-files';
import { type Pass, type Plan, runExtraction } from './run-extraction';
import { type CollectedSample, type Need, outputsFor, sampleCollector } from './sample-collector';
import { type Opened, openSource, type SampleProvenance, type SampleSet } from './sample-set';
import { expectedOf, type ReadOptions, readSample } from './source-file';

export interface CollectOptions extends ExtractionOptions {
  readonly needs: ReadonlySet<Need>;
  /** Collected as well where a file holds it or the model offers it. */
  readonly optional?: ReadonlySet<Need> | undefined;
  readonly logits?: 'unbiased' | 'biased' | undefined;
  /** Default: a network is opened for this run and closed after it. */
  readonly networks?: Networks | undefined;
  /** A set that is not collected again where it has been. */
  readonly keptSet?: KeptSet | undefined;
  readonly onPlan?: ((plan: Plan) => void) | undefined;
  /** Looks at what can be had, before anything is spent on it, and may throw. */
  readonly onMissing?: ((missing: Readonly<Record<string, SampleSet['missing']>>) => void) | undefined;
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
  { needs, optional = new Set(), keptSet, onMissing, ...options }: CollectOptions,
): Promise<{ sets: Record<Name, SampleSet>; provenance: SampleProvenance; warnings: Warning[] }> {
  const opened = {} as Record<Name, Opened>;
  for (const [name, source] of entries(sources)) {
    const before = name === keptSet?.name ? keptSet.holding(needs) : undefined;
    const all = name === keptSet?.name ? keptSet.allNeeds(needs) : needs;
    opened[name] = before
      ? { ...before.opened, extracted: [], optional: [], missing: before.set.missing, kept: before.set }
      : await openSource(source, { needs: all, optional });
  }
  onMissing?.(mapped(opened, ({ missing }) => missing));
  for (const [name, { file }] of entries(opened)) {
    if (file && file.count !== null) requireSamples(file.count, `${name} (${file.path})`);
  }
  const each = Object.values<Opened>(opened);
  const before = keptSet?.holding(needs);
  const made = each.some(({ extracted }) => extracted.length > 0)
    ? await runImages(opened, { ...options, onMissing })
    : before && each.some(({ kept, file }) => kept && !file)
      ? takeKept(opened, before, options)
      : await takeFiles(opened, options);
  const sets = {} as Record<Name, SampleSet>;
  for (const [name, each] of entries(opened)) {
    const missing = missingOf(each, made.lacking);
    const { ddof, provenance, warnings } = made;
    const set =
      each.kept ??
      (await setOf({ ...each, missing }, made.passes[name], { ...resolveOptions(options), ddof }));
    sets[name] = set;
    if (name !== keptSet?.name || each.kept) continue;
    keptSet.keep({ needs: keptSet.allNeeds(needs), opened: each, set, provenance, ddof, warnings });
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

type RunOptions = Omit<CollectOptions, 'needs' | 'optional' | 'keptSet'>;

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
  const run = await runExtraction<Name, CollectedSample>(
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
  const provenance = { ...run.provenance, files: usedFiles(opened) };
  return { passes: run.passes, provenance, ddof, warnings: [...warnings, ...run.warnings], lacking };
}

/** Files beside a set that was run before: what holds for it holds for them. */
function takeKept<Name extends string>(
  opened: Readonly<Record<Name, Opened>>,
  {
    provenance,
    ddof,
    warnings,
  }: Pick<Made<Name>, 'provenance' | 'ddof'> & { readonly warnings: readonly Warning[] },
  { logits = 'unbiased' }: RunOptions,
): Made<Name> {
  const expected = { by: 'this run', ddof, ...provenance, classifier: logits };
  return {
    passes: {},
    provenance: { ...provenance, files: usedFiles(opened) },
    ddof,
    warnings: [...warnings, ...checkFiles(opened, expected as ExpectedProvenance)],
    lacking: {},
  };
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

function mapped<Name extends string, In, Out>(
  record: Readonly<Record<Name, In>>,
  value: (item: In) => Out,
): Record<Name, Out> {
  return Object.fromEntries(entries(record).map(([name, item]) => [name, value(item)])) as Record<Name, Out>;
}

function entries<Name extends string, Value>(record: Readonly<Record<Name, Value>>): [Name, Value][] {
  return Object.entries(record) as [Name, Value][];
}
