/** `gan-metrics`: images in, numbers out; with everything of `gan-metrics/metrics`. */
export type { Compat } from './compat';
export { computeFID, type FIDResult } from './compute-fid';
export { computeStatistics, type ImageStatistics } from './compute-statistics';
export { type Diagnosis, diagnose } from './diagnose';
export { evaluate, type Report } from './evaluate';
export type { ExtractionOptions, Pass, Progress, Provenance } from './extraction';
export type { ImageSource } from './features/collect-images';
export { PREPROCESSINGS, type Preprocessing } from './images/image';
export { type LoadedModel, loadModel } from './load-model';
export * from './metrics/index';
export { modelStore } from './models/model-store';
export type { StoreProgress } from './models/store/locked-work';
export type { ModelStore } from './models/store/store';
export type { StoredModel } from './models/store/stored-model';
export { version } from './version';
