/** `gan-metrics`: images in, numbers out; with everything of `gan-metrics/metrics`. */
export { computeFID, type FIDResult } from './compute-fid';
export { computeStatistics, type ImageStatistics } from './compute-statistics';
export { type Diagnosis, diagnose } from './diagnose';
export { evaluate, type Report } from './evaluate';
export type { ExtractionOptions, Pass, Progress, Provenance } from './extraction';
export type { ImageSource } from './features/collect-images';
export { PREPROCESSINGS, type Preprocessing } from './images/image';
export { type LoadedModel, loadModel } from './load-model';
export * from './metrics/index';
export { version } from './version';
