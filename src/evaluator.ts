import { GanMetricsError, invalidOption } from './errors';
import { type EvaluateOptions, evaluateWith, type Report } from './evaluate';
import { KeptSet } from './extraction/kept-set';
import { KeptNetwork } from './extraction/open-network';
import type { ImageSource } from './images/image-source';
import type { MetricId } from './metrics/registry';

export interface EvaluatorOptions extends Omit<EvaluateOptions, 'signal'> {
  /**
   * The real images, or a file that stands for them. Gone through at the first evaluation, and again only where
   * a later one asks for a metric that needs more of them, which an iterator cannot do.
   */
  readonly reference: ImageSource;
}

/** What may differ from one evaluation to the next. */
export type EvaluationOptions = Pick<EvaluateOptions, 'signal' | 'onProgress' | 'onNote' | 'metricOptions'>;

/**
 * Many evaluations against one reference, as a training run needs them: the network is opened once, the reference is
 * gone through once, and both are held until `dispose`. Results are those of `evaluate`.
 *
 * Evaluations that overlap wait for each other. They leave the event loop free: decoding, the network where the runtime
 * allows it, and metrics of large samples have threads of their own.
 *
 * @example
 * import { Evaluator } from 'gan-metrics';
 *
 * const evaluator = new Evaluator({ reference: 'fixtures/real', model: 'cifar10-resnet', limit: 40 });
 * const seen: number[] = [];
 * for (const samples of ['fixtures/fake', 'fixtures/real']) {
 *   const { metrics } = await evaluator.evaluate(samples, ['fid']);
 *   seen.push(metrics.fid!.value);
 * }
 * console.log(seen[0] > 5, seen[1] < 1e-6); // true true
 * await evaluator.dispose();
 */
export class Evaluator {
  readonly #network = new KeptNetwork();
  readonly #keptSet = new KeptSet('real');
  readonly #reference: ImageSource;
  readonly #options: EvaluateOptions;
  #last: Promise<unknown> = Promise.resolve();
  #disposed = false;

  /** @param options  reference; model, runtime, confidence and all other options of `evaluate` */
  constructor({ reference, ...options }: EvaluatorOptions) {
    if (reference === undefined) throw invalidOption('reference', 'real images', reference);
    this.#reference = reference;
    this.#options = options;
  }

  /**
   * Evaluates a set of generated images.
   *
   * @param generated  images, see {@link ImageSource}; a function makes them: `{ images: (n) => …, samples: 10_000 }`
   * @param metrics    their ids
   * @param options    signal, onProgress, onNote, metricOptions of this evaluation
   * @throws what `evaluate` throws; INVALID_OPTION after `dispose`
   */
  async evaluate<Id extends MetricId>(
    generated: ImageSource,
    metrics: readonly Id[],
    options: EvaluationOptions = {},
  ): Promise<Report<Id>> {
    if (this.#disposed) throw new GanMetricsError('INVALID_OPTION', 'This evaluator has been disposed of.');
    const run = this.#last.then(() => this.#run(generated, metrics, options));
    // The next one waits for the end of this one, whatever it is.
    this.#last = run.catch(() => {});
    return run;
  }

  /** Closes the network, after the evaluations that have been asked for, and lets go of the reference. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#last;
    await this.#network.dispose();
    this.#keptSet.clear();
  }

  async #run<Id extends MetricId>(
    generated: ImageSource,
    metrics: readonly Id[],
    options: EvaluationOptions,
  ): Promise<Report<Id>> {
    try {
      return await evaluateWith(
        { real: this.#reference, generated, metrics },
        { ...this.#options, ...options },
        { networks: this.#network, keptSet: this.#keptSet },
      );
    } catch (error) {
      // A network that broke is not to be run again.
      if (error instanceof GanMetricsError && error.code === 'RUNTIME_FAILED') await this.#network.dispose();
      throw error;
    }
  }
}
