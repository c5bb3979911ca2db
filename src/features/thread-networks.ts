import type { ImageSize, Preprocessing } from '../images/image';
import { isOnnxFile, type Model, type OutputName } from '../models/model';
import { withPreprocessing } from '../models/preprocessing-layers';
import { type FittingNetwork, fitBatches } from '../runtimes/fit-batches';
import type { Runtime } from '../runtimes/runtime';

/** A model that runs in this thread, and on a GPU prepares images by itself where that leaves less to upload. */
export interface ThreadNetworks {
  /**
   * Whether batches of images of this size may come packed; absent where none may. The answer to a size stays the
   * same.
   */
  prepares?(size: ImageSize): boolean;
  /** @param size  of the images, where `pixels` are packed and not prepared */
  run(
    pixels: Float32Array,
    count: number,
    size: ImageSize | undefined,
  ): Promise<Record<string, Float32Array>>;
  /** As in FittingNetwork, of any of them. */
  readonly cut: FittingNetwork['cut'];
  dispose(): Promise<void>;
}

/** Sizes that get a network of their own: each holds the weights once more. */
const MOST_SIZES = 4;

/** A GPU's networks are opened when they are first needed, since most runs need one of them; others at once. */
export async function openThreadNetworks(
  { model, runtime }: { model: Model; runtime: Runtime },
  { outputs, preprocessing }: { outputs: readonly OutputName[]; preprocessing: Preprocessing },
): Promise<ThreadNetworks> {
  const { graph, input } = model;
  /** The model where it can be given layers in front and they run on a GPU. */
  const extensible = runtime.device === 'cpu' || isOnnxFile(graph) ? undefined : { ...model, graph };
  const opened: FittingNetwork[] = [];
  const byInput = new Map<string, Promise<FittingNetwork>>();
  const sizes = new Set<string>();

  const open = async (variant: Model): Promise<FittingNetwork> => {
    const network = fitBatches(await runtime.open(variant, outputs));
    opened.push(network);
    return network;
  };
  const networkFor = (size: ImageSize | undefined): Promise<FittingNetwork> => {
    const name = size ? nameOf(size) : 'prepared';
    const variant = () =>
      size && extensible ? withPreprocessing(extensible, { ...size, preprocessing }) : model;
    const network = byInput.get(name) ?? open(variant());
    byInput.set(name, network);
    return network;
  };
  const prepares = (size: ImageSize): boolean => {
    // One number a pixel, against three of the network's input.
    if (size.width * size.height > 3 * input.width * input.height) return false;
    if (sizes.size < MOST_SIZES) sizes.add(nameOf(size));
    return sizes.has(nameOf(size));
  };

  if (!extensible) await networkFor(undefined);
  return {
    ...(extensible && { prepares }),
    async run(pixels, count, size) {
      return (await networkFor(size)).run(pixels, count);
    },
    get cut() {
      return opened.find(({ cut }) => cut)?.cut;
    },
    async dispose() {
      await Promise.allSettled(byInput.values());
      await Promise.all(opened.map((network) => network.dispose()));
    },
  };
}

function nameOf({ width, height }: ImageSize): string {
  return `${width} × ${height}`;
}
