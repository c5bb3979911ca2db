import type { Warning } from '../metrics/warning';
import type { Need } from './sample-collector';
import type { Opened, SampleProvenance, SampleSet } from './sample-set';

/** What is remembered of a set. */
interface Kept {
  readonly needs: ReadonlySet<Need>;
  readonly opened: Opened;
  readonly set: SampleSet;
  /** Of the run that it was collected in. */
  readonly provenance: SampleProvenance;
  readonly ddof: 0 | 1;
  readonly warnings: readonly Warning[];
}

/** One set of samples that is collected once and takes part in many runs; again only where more of it is needed. */
export class KeptSet {
  #kept: Kept | undefined;

  /** @param name  of the set, as the runs call it */
  constructor(readonly name: string) {}

  /** The set, where it holds all that is needed. */
  holding(needs: ReadonlySet<Need>): Kept | undefined {
    return this.#kept && [...needs].every((need) => this.#kept!.needs.has(need)) ? this.#kept : undefined;
  }

  /** What was needed before, and now. */
  allNeeds(needs: ReadonlySet<Need>): ReadonlySet<Need> {
    return new Set([...(this.#kept?.needs ?? []), ...needs]);
  }

  keep(kept: Kept): void {
    this.#kept = kept;
  }

  clear(): void {
    this.#kept = undefined;
  }
}
