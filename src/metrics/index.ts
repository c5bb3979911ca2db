/** `gan-metrics/metrics`: pure numbers in, numbers out. No Node API: this entry runs in a browser. */
export { type ErrorCode, GanMetricsError } from '../errors';
export type { ThreadOptions } from '../math/kernels/with-kernels';
export type { Matrix, MatrixLike } from '../math/matrix';
export { featureStatistics, type Statistics, type StatisticsLike } from '../math/statistics';
export { matrixSqrt } from '../math/symmetric';
export {
  type ClassifierTwoSampleTest,
  type ClassifierTwoSampleTestOptions,
  classifierTwoSampleTest,
} from './adversarial/classifier-two-sample-test';
export {
  type ClippedShare,
  type CriticWasserstein,
  clippedShare,
  criticWasserstein,
} from './adversarial/critic';
export {
  type DiscriminatorGap,
  densityRatio,
  discriminatorGap,
  type LogDensities,
  optimalDiscriminator,
} from './adversarial/density-ratio';
export type { OutputOptions } from './adversarial/discriminator-outputs';
export { type DiscriminatorOutputs, type GanValue, ganValue } from './adversarial/gan-value';
export {
  type GeneratorLoss,
  type GeneratorLosses,
  generatorLosses,
  type NonSaturatingObjective,
} from './adversarial/generator-losses';
export {
  type Critic,
  type GradientPenalty,
  type GradientPenaltyOptions,
  gradientPenalty,
  interpolate,
  type PenaltySource,
} from './adversarial/gradient-penalty';
export { type Authenticity, authenticity } from './authenticity';
export { type ClassEntropy, classEntropy } from './class-entropy';
export type { ClassPredictions } from './class-predictions';
export { type Cmmd, type CmmdOptions, cmmd, cmmdComputation } from './cmmd';
export type { ComparedValue, NumberComparison } from './compare-estimates';
export { type DebiasedFid, type DebiasedFidOptions, debiasedFid } from './debiased-fid';
export { type DensityGrid, densityGrid } from './density/density-grid';
export { type BandwidthRule, KernelDensity, type KernelDensityOptions } from './density/kernel-density';
export type { CurvePoint } from './density/likelihood-curve';
export {
  type ParzenLogLikelihood,
  type ParzenOptions,
  parzenLogLikelihood,
} from './density/parzen-log-likelihood';
export type { Bandwidth } from './density/scaling';
export {
  type BandwidthMethod,
  type BandwidthShape,
  GRID_2014,
  type SelectBandwidthOptions,
  type SelectedBandwidth,
  selectBandwidth,
} from './density/select-bandwidth';
export type { WindowName } from './density/windows';
export { type DensityCoverage, densityCoverage } from './density-coverage';
export { type EnergyDistance, energyDistance } from './divergence/energy-distance';
export {
  type GaussianDivergence,
  type GaussianLike,
  gaussianKlDivergence,
  gaussianWasserstein2,
} from './divergence/gaussians';
export {
  chiSquaredDivergence,
  type HistogramDivergence,
  hellingerDistance,
  jsDistance,
  jsDivergence,
  klDivergence,
  renyiDivergence,
  reverseKlDivergence,
  totalVariation,
} from './divergence/histogram-divergences';
export type { Histograms } from './divergence/histograms';
export {
  type MaxSlicedWasserstein,
  type MaxSlicedWassersteinOptions,
  maxSlicedWasserstein,
} from './divergence/max-sliced-wasserstein';
export { type MmdLinear, mmdLinear } from './divergence/mmd-linear';
export { type MmdTest, mmdTest } from './divergence/mmd-test';
export {
  knnEntropy,
  knnJsDivergence,
  knnKlDivergence,
  type NeighborEstimate,
  type NeighborJsEstimate,
} from './divergence/nearest-neighbor-estimators';
export {
  type OptimalTransport,
  type OptimalTransportOptions,
  optimalTransport,
} from './divergence/optimal-transport';
export {
  type Sinkhorn,
  type SinkhornDivergence,
  type SinkhornOptions,
  sinkhorn,
  sinkhornDivergence,
} from './divergence/sinkhorn';
export {
  type SlicedWasserstein,
  type SlicedWassersteinOptions,
  slicedWasserstein,
} from './divergence/sliced-wasserstein';
export { type Wasserstein, type Wasserstein1dOptions, wasserstein1d } from './divergence/wasserstein-1d';
export { fid } from './fid';
export { type FidInfinity, type FidInfinityOptions, fidInfinity } from './fid-infinity';
export { fidInfluence } from './fid-influence';
export { type FidDifference, fidDifference, fidInterval } from './fid-interval';
export { type ClassDistance, type FidPerClass, fidPerClass } from './fid-per-class';
export { type Divisible, type FloorOptions, floorOf, selfSplit } from './floor';
export { type FrechetDistance, frechetDistance } from './frechet-distance';
export {
  INCEPTION_SCORE_COMPAT,
  type InceptionScore,
  type InceptionScoreInfluence,
  type InceptionScoreOptions,
  inceptionScore,
  inceptionScoreInfluence,
  inceptionScoreInterval,
} from './inception-score';
export { type InceptionScoreDifference, inceptionScoreDifference } from './inception-score-difference';
export {
  type InceptionScoreInfinity,
  type InceptionScoreInfinityOptions,
  inceptionScoreInfinity,
} from './inception-score-infinity';
export type { Influence, Interval } from './interval';
export { jackknifeDifferenceError, jackknifeError, type LeftOut } from './jackknife';
export type { JackknifeOptions } from './jackknife-interval';
export {
  KID_COMPAT,
  type Kid,
  kid,
  kidComputation,
  kidInterval,
} from './kid';
export {
  type KidDifference,
  type KidDifferenceOptions,
  type KidRivals,
  kidDifference,
  kidDifferenceComputation,
} from './kid-difference';
export {
  type KidInfluence,
  type KidInfluenceOptions,
  kidInfluence,
  kidInfluenceComputation,
} from './kid-influence';
export type { KidOptions } from './kid-options';
export type { KidSamples } from './kid-samples';
export type { RealAndGenerated } from './manifold/neighbors';
export type { Inequality } from './manifold/pass';
export type {
  Difference,
  Differences,
  Estimate,
  Estimates,
  Metric,
  MetricDifference,
  MetricResult,
  RivalSamples,
  Sample,
  Samples,
  Tool,
  ValueFacts,
} from './metric';
export { type Mmd, type MmdOptions, medianDistance, mmd, mmdComputation } from './mmd';
export { type BirthdayParadox, type BirthdayParadoxOptions, birthdayParadox } from './modes/birthday-paradox';
export { type ClusterOptions, type Clusters, clusterSamples } from './modes/cluster-samples';
export {
  type GaussianMixture,
  gridOfGaussians,
  ringOfGaussians,
  sampleMixture,
} from './modes/gaussian-mixture';
export { type MissingClasses, type MissingClassesOptions, missingClasses } from './modes/missing-classes';
export {
  type LabelCoverageOptions,
  labelCoverage,
  type ModeCoverage,
  type ModeCoverageOptions,
  type ModeHistogram,
  modeCoverage,
  stackedLabels,
} from './modes/mode-coverage';
export { type Ndb, type NdbOptions, ndb } from './modes/ndb';
export { type NearestReal, nearestReal } from './nearest-real';
export {
  type OneNearestNeighbor,
  type OneNearestNeighborValue,
  oneNearestNeighbor,
} from './one-nearest-neighbor';
export { type Prd, type PrdOptions, prdCurve } from './prd';
export { type PrdCurve, prdFromHistograms } from './prd-curve';
export { PRDC_COMPAT, type Prdc, type PrdcOptions, type PrdcValue, prdc } from './prdc';
export { type PrdcDifference, prdcDifference } from './prdc-difference';
export { type PrecisionRecall, precisionRecall } from './precision-recall';
export type { Rank, SetDifference } from './ranking';
export { REALISM_COMPAT, type RealismOptions, realism } from './realism';
export { type MetricId, metrics } from './registry';
export { type SampleSizes, sampleSizeWarnings } from './sample-size';
export { type Vendi, type VendiOptions, vendi } from './vendi';
export type { Warning, WarningCode } from './warning';
