/** `gan-metrics`: images in, numbers out; with everything of `gan-metrics/metrics`. */

export { candidateFile, isContinuousIntegration, refusedInCI } from './check/baseline-file';
export { check } from './check/check';
export type { CheckOptions, SuiteSamples } from './check/check-context';
export {
  defineConfig,
  type FailingVerdict,
  type GateConfig,
  type MetricRule,
  type SuiteConfig,
  type SuiteOptions,
} from './check/config';
export { initConfig } from './check/init-config';
export { type LoadedConfig, loadConfig } from './check/load-config';
export { writeTexts } from './check/write-texts';
export {
  type CompareOptions,
  type CompareRequest,
  type Comparison,
  compare,
} from './compare';
export type { MetricComparison } from './compare-by-metric';
export {
  computeLogLikelihood,
  type LogLikelihood,
  type LogLikelihoodOptions,
} from './compute-log-likelihood';
export {
  computeFID,
  computeIS,
  computeKID,
  computeMetric,
  computePRDC,
  type FIDResult,
  type MetricReport,
} from './compute-metric';
export { computeStatistics, type ImageStatistics, type StatisticsOptions } from './compute-statistics';
export { type Diagnosis, diagnose } from './diagnose';
export {
  type EvaluateOptions,
  type EvaluateRequest,
  evaluate,
  type MetricOptions,
  type MetricOutcome,
  type Report,
} from './evaluate';
export { type EvaluationOptions, Evaluator, type EvaluatorOptions } from './evaluator';
export { type ExtractedFeatures, extractFeatures } from './extract-features';
export type { Provenance } from './extraction/open-network';
export type { ExtractionOptions, Progress } from './extraction/options';
export type { SampleProvenance } from './extraction/sample-set';
export type { BaselineEntry } from './gate/baseline';
export type { GateInterval, GateReport, GateRow, GateSuite, Verdict } from './gate/gate-report';
export { VERDICTS } from './gate/gate-report';
export { toGateText } from './gate/gate-text';
export type { Renewal } from './gate/renew';
export { PREPROCESSINGS, type Preprocessing } from './images/image';
export type {
  DescribedImages,
  ImageGenerator,
  ImageSequence,
  ImageSource,
  ImageTensor,
  RawImage,
} from './images/image-source';
export type { ValueRange } from './images/pixel-values';
export type { PixelOptions } from './images/read-pixels';
export { type LoadedModel, type LoadOptions, loadModel } from './load-model';
export * from './metrics/index';
export { modelStore } from './models/model-store';
export type { ModelInfo, OutputInfo } from './models/own/model-info';
export type { StoreProgress } from './models/store/locked-work';
export type { ModelStore } from './models/store/store';
export type { StoredModel } from './models/store/stored-model';
export { readSamples, type SampleSource } from './read-samples';
export { toGitHubAnnotations } from './report/github';
export { reportToGitHub, repositoryPrefix } from './report/github-run';
export { toGitLabCodeQuality, toGitLabMetrics } from './report/gitlab';
export { toHTML } from './report/html/page';
export type {
  BaselineHistory,
  BaselineVersion,
  Curve,
  Picture,
  PictureGroup,
  ReportPage,
  SuitePictures,
} from './report/html/page-data';
export { toJUnit } from './report/junit';
export { toMarkdown } from './report/markdown';
export { collectPage, type PageOptions } from './report/page-collector';
export { writeReport } from './report/write-report';
export type { TfNamespace, TfTensor } from './runtimes/tf-namespace';
export { type ImageScore, writeImageScores } from './score-images';
export type { StatisticsProvenance } from './statistics/provenance';
export {
  readFeatures,
  readStatistics,
  type StoredFeatures,
  type StoredStatistics,
} from './statistics/read-statistics';
export { type WriteStatisticsOptions, writeFeatures, writeStatistics } from './statistics/write-statistics';
export type { BestStep } from './training/best-step';
export {
  COLLAPSE_RULES,
  type Collapse,
  type CollapseRule,
  type RuleOutcome,
  type SaturationRule,
  type VarietyRule,
} from './training/collapse';
export type { Divergence, DivergenceOptions } from './training/divergence';
export { type DrawHistoryOptions, drawHistory } from './training/draw-history';
export type { ScoreFacts } from './training/known-scores';
export {
  type MetricsCallback,
  type MetricsCallbackOptions,
  metricsCallback,
} from './training/metrics-callback';
export type { TrainingMonitorOptions } from './training/monitor-options';
export type { Plateau, PlateauOptions } from './training/plateau';
export { scoresOf } from './training/report-scores';
export type { Estimate, ScoreRecord } from './training/score-record';
export { TrainingMonitor, type TrainingVerdict } from './training/training-monitor';
export { version } from './version';
