import { hasData } from '../tests/reference';

/** Throws where CIFAR-10 is not there. */
export function requireData(): void {
  if (hasData) return;
  throw new Error(
    'This bench needs CIFAR-10, in the folder that GAN_METRICS_REFERENCE names (default ../shared).',
  );
}
