/** What became of one number of a suite, the first case of these that applies being decided. */
export type Verdict =
  | 'error'
  | 'over limit'
  | 'regressed'
  | 'incomparable'
  | 'inconclusive'
  | 'improved'
  | 'pass';

/** Verdicts, worst first: the order of every listing. */
export const VERDICTS: readonly Verdict[] = [
  'error',
  'over limit',
  'regressed',
  'incomparable',
  'inconclusive',
  'improved',
  'pass',
];

export interface GateInterval {
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  /** In (0, 1). */
  readonly confidence: number;
}

/** One number of one suite, judged. */
export interface GateRow {
  readonly suite: string;
  /** As the configuration names it: `fid`, or `prdc.recall` for one number of several. */
  readonly metric: string;
  /** For people: `FD (cifar10-resnet)`. */
  readonly label: string;
  readonly verdict: Verdict;
  readonly level: 'error' | 'warn';
  /** Whether this row makes the check fail: its verdict is among `failOn`, and its level is `error`. */
  readonly fails: boolean;
  readonly better: 'lower' | 'higher';
  /** null where it could not be computed. */
  readonly value: number | null;
  readonly interval: GateInterval | null;
  readonly n: { readonly real: number | null; readonly generated: number | null };
  /** What the baseline says; null where it has no entry, or none is used. */
  readonly baseline: {
    readonly value: number;
    readonly interval: GateInterval | null;
    readonly n: { readonly real: number | null; readonly generated: number | null };
  } | null;
  /** Since the baseline, in the bad direction: above 0 is worse, whichever way is better. */
  readonly change:
    | (GateInterval & { readonly value: number; readonly method: 'paired' | 'independent' })
    | null;
  /** Change in the bad direction that is allowed. */
  readonly allowed: number | null;
  readonly limit: { readonly max?: number; readonly min?: number } | null;
  /** Images that would decide an inconclusive row; null where no number would, or nothing is open. */
  readonly needed: number | null;
  /** The smallest true change in the bad direction that a run like this one finds four times in five. */
  readonly detectable?: number | null;
  /** Why this verdict, in a sentence with the figures. */
  readonly reason: string;
  /** What to do next, in a sentence; empty where nothing is to be done. */
  readonly next: string;
  /** The configuration's own words for this row. */
  readonly message: string | null;
  /** Of an incomparable row: what differs. */
  readonly differences: readonly { readonly field: string; readonly old: unknown; readonly new: unknown }[];
  /** The line of the configuration that asks for it; null where it cannot be told. */
  readonly line: number | null;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/** What a row says where nothing was measured and nothing is to be compared. */
export const EMPTY_ROW = {
  value: null,
  interval: null,
  n: { real: null, generated: null },
  baseline: null,
  change: null,
  allowed: null,
  limit: null,
  needed: null,
  detectable: null,
  message: null,
  differences: [],
  line: null,
  warnings: [],
} as const;

export interface GateSuite {
  readonly name: string;
  /** As the configuration names them. */
  readonly real: string;
  readonly generated: string;
  readonly seconds: number;
  /** Of the report that the rows were judged by: model, preprocessing, seed, runtime; null where it failed. */
  readonly provenance: Readonly<Record<string, unknown>> | null;
  readonly rows: readonly GateRow[];
  /** What kept the suite from being evaluated. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** The one verdict object: text, JSON, JUnit, annotations, Markdown and the report all show this. Plain data. */
export interface GateReport {
  /** The version of this form. */
  readonly schema: 1;
  /** The worst verdict of all rows. */
  readonly verdict: Verdict;
  /** 0 pass, 1 regressed or over a limit, 2 usage, input or crash, 3 undecided where `failOn` asks for it. */
  readonly exitCode: 0 | 1 | 2 | 3;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly failOn: readonly Verdict[];
  /** Paths, relative to the folder the check ran in where they lie inside it, with `/` on every system. */
  readonly config: string | null;
  readonly baseline: string | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly suites: readonly GateSuite[];
  /** Of a run that had to keep a time: what was measured, and what was chosen. */
  readonly budget?: {
    readonly seconds: number;
    /** Images a side that were taken of every suite; null where all fit. */
    readonly n: number | null;
    readonly secondsPerImage: number;
    /** What one suite takes whatever its size: the model's loading above all. */
    readonly secondsPerSuite: number;
  };
  /** The version of gan-metrics. */
  readonly version: string;
}
