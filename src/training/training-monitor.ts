import { invalidOption } from '../errors';
import type { Warning } from '../metrics/warning';
import { type BestStep, bestStep } from './best-step';
import { type Collapse, findCollapse } from './collapse';
import { type Divergence, findDivergence } from './divergence';
import { drawHistory } from './draw-history';
import { appendRecord, openHistory, rewriteHistory } from './history-file';
import type { Better } from './known-scores';
import { type MonitorSettings, resolveMonitorOptions, type TrainingMonitorOptions } from './monitor-options';
import { findPlateau, type Plateau } from './plateau';
import { type ScoreRecord, scoreNames, toRecord } from './score-record';
import { seriesOf } from './series';

/** What the history tells. Plain data. */
export interface TrainingVerdict {
  readonly step: number | undefined;
  readonly records: number;
  /** By the name of each score that has a direction; those that were never finite are left out. */
  readonly best: Readonly<Record<string, BestStep>>;
  readonly plateau: Readonly<Record<string, Plateau>>;
  /** By the name of every score: without a direction it can still stop being finite. */
  readonly divergence: Readonly<Record<string, Divergence>>;
  readonly collapse: Collapse;
  /** What should be looked at, in sentences; empty where all is well. A plateau alone is not among them. */
  readonly findings: readonly string[];
  readonly warnings: readonly Warning[];
}

/**
 * The scores of a training run: kept in a file that survives crashes and restarts, judged, and drawn. Any scores: metrics,
 * losses, diagnostics of the discriminator, mode coverage.
 *
 * A record is in the file when {@link record} returns: a line of some hundred bytes, well below a millisecond. One process
 * writes a history; others may read it meanwhile.
 *
 * @example
 * import { TrainingMonitor } from 'gan-metrics';
 *
 * const monitor = new TrainingMonitor({ scores: { criticLoss: { better: 'lower' } } });
 * for (const [i, fid] of [40, 31, 22, 25].entries()) {
 *   monitor.record({ step: 1000 * (i + 1), fid: { value: fid, standardError: 2 }, criticLoss: 1 / (i + 1) });
 * }
 * const { step, tied } = monitor.best('fid')!;
 * console.log(step, tied); // 3000 [ 3000, 4000 ]
 * monitor.resume(2000);
 * console.log(monitor.records.length); // 2
 */
export class TrainingMonitor {
  readonly #settings: MonitorSettings;
  readonly #warnings: Warning[] = [];
  #records: ScoreRecord[] = [];

  /**
   * @param options  file; scores: directions of those that the library does not know; confidence (0.95), plateau,
   *   divergence, collapse, persistence (2), onWarning
   * @throws INVALID_OPTION; CORRUPT_FILE where the file has a line, other than a torn last one, that is no record
   */
  constructor(options: TrainingMonitorOptions = {}) {
    this.#settings = resolveMonitorOptions(options);
    const { file } = this.#settings;
    if (file === undefined) return;
    const { records, torn } = openHistory(file);
    this.#records = records;
    if (torn !== undefined) {
      this.#warn({
        code: 'HISTORY_LINE_TORN',
        message: `The last line of ${file} was torn while it was written, and is dropped: ${torn.slice(0, 80)}`,
      });
    }
  }

  /** In rising order of steps. */
  get records(): readonly ScoreRecord[] {
    return this.#records;
  }

  /** A torn line, records that were cut. */
  get warnings(): readonly Warning[] {
    return this.#warnings;
  }

  /** The direction of a score, if it has one. */
  directionOf(score: string): Better | undefined {
    return this.#settings.directions.get(score);
  }

  /**
   * Adds a record. A step at or before the last one means that the run went back: records from there on are cut. NaN and
   * infinite scores are kept, and are found by {@link divergence}.
   *
   * @param record  step; scores by any names; n, seconds, timestamp (now, by default)
   * @returns the record as it is kept
   * @throws INVALID_OPTION; the system's own error where the file cannot be written
   */
  record(record: ScoreRecord): ScoreRecord {
    const { timestamp = new Date().toISOString(), ...rest } = toRecord(record);
    const kept: ScoreRecord = { ...rest, timestamp };
    const { file } = this.#settings;
    const before = this.#records.filter(({ step }) => step < kept.step);
    const cut = this.#records.slice(before.length);
    if (file !== undefined) {
      if (cut.length > 0) rewriteHistory(file, [...before, kept]);
      else appendRecord(file, kept);
    }
    this.#records = [...before, kept];
    this.#warnOfCut(cut, `Step ${kept.step} was recorded`);
    return kept;
  }

  /**
   * Goes back to a checkpoint: cuts the records after its step, which the run will make anew.
   *
   * @returns how many were cut
   * @throws INVALID_OPTION
   */
  resume(step: number): number {
    if (!Number.isSafeInteger(step) || step < 0)
      throw invalidOption('step', 'an integer of at least 0', step);
    const before = this.#records.filter((record) => record.step <= step);
    const cut = this.#records.slice(before.length);
    if (cut.length === 0) return 0;
    if (this.#settings.file !== undefined) rewriteHistory(this.#settings.file, before);
    this.#records = before;
    this.#warnOfCut(cut, `The run resumes at step ${step}`);
    return cut.length;
  }

  /**
   * Where a score was best, and the steps that cannot be told from it.
   *
   * @returns undefined as long as it has no finite value
   * @throws INVALID_OPTION for a score that has no direction
   */
  best(score: string): BestStep | undefined {
    const better = this.#requireDirection(score);
    const { confidence } = this.#settings;
    return bestStep(this.#series(score), { score, better, confidence });
  }

  /** @throws INVALID_OPTION for a score that has no direction */
  plateau(score: string): Plateau {
    const better = this.#requireDirection(score);
    const { confidence, plateau } = this.#settings;
    return findPlateau(this.#series(score), { score, better, confidence, ...plateau });
  }

  /** @throws INVALID_OPTION for a score that is neither recorded nor has a direction */
  divergence(score: string): Divergence {
    const better = this.directionOf(score);
    if (better === undefined && !scoreNames(this.#records).includes(score)) this.#requireDirection(score);
    const { confidence, divergence } = this.#settings;
    return findDivergence(this.#series(score), { score, better, confidence, ...divergence });
  }

  collapse(): Collapse {
    const { rules, persistence } = this.#settings;
    return findCollapse(this.#records, { rules, persistence });
  }

  /** All of these, of all scores that were recorded. */
  verdict(): TrainingVerdict {
    const names = scoreNames(this.#records);
    const judged = names.filter((name) => this.directionOf(name) !== undefined);
    const best = judged.flatMap((name) => {
      const found = this.best(name);
      return found ? [[name, found] as const] : [];
    });
    const divergence = names.map((name) => [name, this.divergence(name)] as const);
    const collapse = this.collapse();
    return {
      step: this.#records.at(-1)?.step,
      records: this.#records.length,
      best: Object.fromEntries(best),
      plateau: Object.fromEntries(judged.map((name) => [name, this.plateau(name)])),
      divergence: Object.fromEntries(divergence),
      collapse,
      findings: [
        ...divergence.filter(([, { diverged }]) => diverged).map(([, { reason }]) => reason),
        ...(collapse.collapsed ? [collapse.reason] : []),
      ],
      warnings: [...this.#warnings],
    };
  }

  /**
   * The curves, a panel a score, as the text of an SVG file.
   *
   * @param options  title; scores: which, all by default
   * @throws INVALID_OPTION for a score that was not recorded; RUNTIME_MISSING where the plotting library does not load
   */
  async toSVG({
    title = 'Training history',
    scores,
  }: {
    title?: string;
    scores?: readonly string[];
  } = {}): Promise<string> {
    const { directions, confidence } = this.#settings;
    return drawHistory({ run: this.#records }, { title, directions, confidence, ...(scores && { scores }) });
  }

  #series(score: string) {
    return seriesOf(this.#records, score, { confidence: this.#settings.confidence });
  }

  #requireDirection(score: string): Better {
    const better = this.directionOf(score);
    if (better) return better;
    throw invalidOption(
      'score',
      'a score with a direction: one of the library, or declared in scores,',
      score,
    );
  }

  #warnOfCut(cut: readonly ScoreRecord[], why: string): void {
    if (cut.length === 0) return;
    const [first, last] = [cut[0].step, cut.at(-1)!.step];
    this.#warn({
      code: 'HISTORY_CUT',
      message: `${why}: ${cut.length === 1 ? `the record of step ${first} is` : `${cut.length} records, of steps ${first} to ${last}, are`} cut.`,
    });
  }

  #warn(warning: Warning): void {
    this.#warnings.push(warning);
    this.#settings.onWarning(warning);
  }
}
