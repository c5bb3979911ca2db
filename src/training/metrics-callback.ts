import { GanMetricsError, invalidOption } from '../errors';
import type { EvaluateOptions } from '../evaluate';
import type { Evaluator } from '../evaluator';
import type { DescribedImages } from '../images/image-source';
import type { MetricId } from '../metrics/registry';
import { scoresOf } from './report-scores';
import type { ScoreRecord } from './score-record';
import { TrainingMonitor } from './training-monitor';

export interface MetricsCallbackOptions {
  /** Holds the reference and the network; stays the caller's, to be disposed of after training. */
  readonly evaluator: Evaluator;
  /** What the model makes: `{ images: (n) => …, samples: 5000, range: [-1, 1] }`. */
  readonly generated: DescribedImages;
  readonly metrics: readonly MetricId[];
  /** Epochs from one evaluation to the next; the last epoch is evaluated in any case. Default 1. */
  readonly every?: number | undefined;
  /** Keeps the history, in a file where it has one. Default: one of this run alone. */
  readonly monitor?: TrainingMonitor | undefined;
  /**
   * What becomes of training when an evaluation fails: `warn` (default) tells `onWarning` and trains on, `throw` ends
   * it. Stopping by `signal` always ends it.
   */
  readonly onError?: 'warn' | 'throw' | undefined;
  /** Default: `process.emitWarning`. */
  readonly onWarning?: ((message: string) => void) | undefined;
  readonly onProgress?: EvaluateOptions['onProgress'];
  readonly signal?: AbortSignal | undefined;
}

/** What `model.fit` of any tfjs takes among its `callbacks`. */
export interface MetricsCallback {
  onEpochEnd(epoch: number, logs?: Record<string, unknown>): Promise<void>;
  onTrainEnd(): Promise<void>;
  /** One record an evaluation, the epoch (from 1) as its step; what it cost is in `seconds`, of how many images in `n`. */
  readonly history: readonly ScoreRecord[];
}

/**
 * A callback for `model.fit` that evaluates what the model makes, every so many epochs and at the end. The scores go
 * into the logs of their epoch, by the names `fid`, `kid`, `precision` …, so that tfjs' own history has them and
 * callbacks after this one can watch them.
 *
 * A plain object, and not a subclass of a tfjs callback, so that it suits every copy of tfjs. Give it as
 * `callbacks: metricsCallback(…)`, or in a list of plain objects: tfjs does not take lists that mix them with callbacks
 * of its own. Trained parameters are not touched; what `generated.images` draws at random is its own affair.
 *
 * @throws INVALID_OPTION; while training, with `onError: 'throw'`, what the evaluation throws
 * @example
 * import '@tensorflow/tfjs-backend-cpu';
 * import * as tf from '@tensorflow/tfjs-core';
 * import * as layers from '@tensorflow/tfjs-layers';
 * import { Evaluator, metricsCallback } from 'gan-metrics';
 *
 * await tf.setBackend('cpu');
 * const model = layers.sequential();
 * model.add(layers.layers.dense({ units: 192, activation: 'tanh', inputShape: [4] }));
 * model.add(layers.layers.reshape({ targetShape: [8, 8, 3] }));
 * model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
 *
 * const evaluator = new Evaluator({ reference: 'fixtures/real', model: 'cifar10-resnet', limit: 20 });
 * const images = (n: number) => tf.tidy(() => model.predict(tf.randomNormal([n, 4])) as tf.Tensor);
 * const callbacks = metricsCallback({
 *   evaluator,
 *   generated: { images, samples: 20, range: [-1, 1] },
 *   metrics: ['fid'],
 *   every: 2,
 * });
 * await model.fit(tf.zeros([8, 4]), tf.zeros([8, 8, 8, 3]), { epochs: 3, verbose: 0, callbacks });
 * console.log(callbacks.history.map(({ step, n }) => `${step}: ${n}`).join(', ')); // 2: 20, 3: 20
 * await evaluator.dispose();
 */
export function metricsCallback({
  evaluator,
  generated,
  metrics,
  every = 1,
  monitor = new TrainingMonitor(),
  onError = 'warn',
  onWarning = (message) => process.emitWarning(message),
  onProgress,
  signal,
}: MetricsCallbackOptions): MetricsCallback {
  if (!Number.isSafeInteger(every) || every < 1) throw invalidOption('every', 'a positive integer', every);
  if (onError !== 'warn' && onError !== 'throw') throw invalidOption('onError', 'warn or throw', onError);
  let last: { readonly epoch: number; readonly evaluated: boolean } | undefined;

  const evaluateEpoch = async (epoch: number): Promise<ScoreRecord | undefined> => {
    const start = performance.now();
    try {
      const report = await evaluator.evaluate(generated, metrics, { signal, onProgress });
      for (const { message } of Object.values(report.failures)) onWarning(`Epoch ${epoch + 1}: ${message}`);
      const seconds = (performance.now() - start) / 1000;
      const { n } = report;
      return monitor.record({
        step: epoch + 1,
        ...scoresOf(report),
        ...(n.generated !== null && { n: n.generated }),
        seconds,
      });
    } catch (error) {
      const stopped = error instanceof GanMetricsError && error.code === 'ABORTED';
      if (onError === 'throw' || stopped) throw error;
      onWarning(`Epoch ${epoch + 1} has no scores: ${error instanceof Error ? error.message : error}`);
      // A model that makes NaN has diverged: the monitor is to know, and tfjs' logs are not.
      if (!(error instanceof GanMetricsError && error.code === 'NOT_FINITE')) return undefined;
      const scores = metrics.map((id) => [id, Number.NaN]);
      return monitor.record({ step: epoch + 1, ...Object.fromEntries(scores) });
    }
  };

  // tfjs calls these without this object.
  return {
    async onEpochEnd(epoch, logs) {
      const due = (epoch + 1) % every === 0;
      last = { epoch, evaluated: due };
      if (!due) return;
      const record = await evaluateEpoch(epoch);
      if (record && logs) Object.assign(logs, finiteScores(record));
    },
    async onTrainEnd() {
      if (last && !last.evaluated) await evaluateEpoch(last.epoch);
      last = undefined;
    },
    get history() {
      return monitor.records;
    },
  };
}

/** tfjs takes anything in its logs but numbers for tensors. */
function finiteScores({
  step: _,
  n: _n,
  seconds: _s,
  timestamp: _t,
  ...scores
}: ScoreRecord): Record<string, number> {
  const values = Object.entries(scores).map(([name, score]) => [
    name,
    typeof score === 'object' ? score.value : Number(score),
  ]);
  return Object.fromEntries(values.filter(([, value]) => Number.isFinite(value)));
}
