import { GanMetricsError } from '../errors';
import type { BadImage } from '../images/check-images';
import type { ImageSource } from '../images/image-source';
import type { Sample } from '../metrics/metric';
import type { StatisticsFile } from '../statistics/open-statistics-file';
import type { StatisticsProvenance } from '../statistics/provenance';
import type { Provenance } from './open-network';
import type { FileProvenance } from './provenance-of-files';
import type { Need } from './sample-collector';
import { openSourceFile, supplies } from './source-file';

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

/** A source, and where what is needed of it comes from. */
export interface Opened {
  readonly source: ImageSource;
  readonly file: StatisticsFile | undefined;
  readonly stored: readonly Need[];
  readonly extracted: readonly Need[];
  readonly optional: readonly Need[];
  readonly missing: SampleSet['missing'];
  /** What was collected of it before, where that is all there is to do. */
  readonly kept?: SampleSet;
}

/**
 * Looks at what a source is, and divides what is needed of it.
 *
 * @param wanted  optional: needs that are met where nothing has to be run for them alone
 */
export async function openSource(
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

function notHeld({ path, holds }: StatisticsFile, need: Need): GanMetricsError {
  return new GanMetricsError(
    'UNSUPPORTED_FILE',
    `${path} holds ${[...holds.keys()].join(', ')} but no ${need}. Name the images, or a file that has them (gan-metrics stats <images> --features).`,
    { details: { file: path, holds: [...holds.keys()], need } },
  );
}
