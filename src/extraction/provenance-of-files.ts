import type { Preprocessing } from '../images/image';
import { findModel } from '../models/find-model';
import { publishedModels } from '../models/store/published-models';
import type { ExpectedProvenance } from '../statistics/check-provenance';
import type { StatisticsFile } from '../statistics/open-statistics-file';
import type { Provenance } from './open-network';
import { DEFAULT_MODEL, type ExtractionOptions, resolveOptions } from './options';

/** What files say of how they were made, as far as they do. */
export interface FileProvenance {
  /** The hash is null where neither a file nor a network gave it: the name is then the one that was asked for. */
  readonly model: { readonly id: string; readonly sha256: string | null };
  readonly preprocessing: Preprocessing | null;
  readonly input: Provenance['input'] | null;
}

/**
 * What files must agree with where no network is run: what the options say, else what the first file with a
 * provenance says, else the default model.
 *
 * @throws MODEL_MISSING, MODEL_INVALID where the options name a model of one's own that cannot be used
 */
export async function provenanceOfFiles(
  files: readonly StatisticsFile[],
  options: ExtractionOptions,
): Promise<{
  expected: ExpectedProvenance;
  provenance: FileProvenance & Pick<Provenance, 'compat' | 'dims'>;
}> {
  const chosen = resolveOptions(options);
  const first = files.find(({ provenance }) => provenance);
  const said = first?.provenance;
  const model = await modelOf(options, said?.model);
  const preprocessing = chosen.preprocessing ?? (said?.preprocessing as Preprocessing | undefined) ?? null;
  const ddof = chosen.compat ? chosen.ddof : (said?.ddof ?? chosen.ddof);
  const dims = chosen.dims ?? files.find((file) => file.dims !== null)?.dims ?? null;
  const input = (said?.input as Provenance['input'] | undefined) ?? null;
  const asked = options.model ?? options.preprocessing ?? options.compat;
  const by = asked === undefined && first ? first.path : 'this run';
  return {
    expected: { by, model, preprocessing, ddof, dims, ...(input && { input: { ...input } }) },
    provenance: { model, preprocessing, input, compat: chosen.compat ?? null, dims },
  };
}

/** Without a network to run, a published one need not be downloaded to compare names. */
async function modelOf(
  { model: asked, modelInfo: info, compat }: ExtractionOptions,
  said: FileProvenance['model'] | undefined,
): Promise<FileProvenance['model']> {
  const name = asked ?? (compat ? DEFAULT_MODEL : undefined);
  if (name === undefined) return said ?? { id: DEFAULT_MODEL, sha256: null };
  if (publishedModels.some(({ id }) => id === name)) {
    return { id: name, sha256: said?.id === name ? said.sha256 : null };
  }
  const { id, sha256 } = await findModel(name, { info });
  return { id, sha256 };
}
