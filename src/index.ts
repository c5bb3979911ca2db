/** `gan-metrics`: images in, numbers out; with everything of `gan-metrics/metrics`. */
export { computeFID, type FIDResult } from './compute-fid';
export { type EvaluateOptions, evaluate, type Progress, type Report } from './evaluate';
export type { ImageSource } from './features/collect-images';
export { PREPROCESSINGS, type Preprocessing } from './images/image';
export * from './metrics/index';
export { version } from './version';
