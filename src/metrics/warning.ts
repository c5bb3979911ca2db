/** Names of what a reader of a result should know before trusting the number. */
export type WarningCode =
  | 'BANDWIDTH_AT_GRID_EDGE'
  | 'BATCH_HALVED'
  | 'COPIES_IN_SET'
  | 'BIAS_NOT_REMOVED'
  | 'CLASSES_LEFT_OUT'
  | 'COUNT_UNKNOWN'
  | 'DISTANCE_IS_ROUNDING'
  | 'FEATURES_NOT_CLIP'
  | 'FEWER_SAMPLES_THAN_CLASSES'
  | 'FEWER_SAMPLES_THAN_DIMENSIONS'
  | 'HISTORY_CUT'
  | 'HISTORY_LINE_TORN'
  | 'IMAGES_SKIPPED'
  | 'LIPSCHITZ_ASSUMED'
  | 'NOT_CONVERGED'
  | 'NO_FLOOR'
  | 'NO_INTERVAL'
  | 'NO_COLLISIONS'
  | 'ORDER_NOT_RANDOM'
  | 'OTHER_NETWORK'
  | 'PREPROCESSING_NOT_DEFAULT'
  | 'PROVENANCE_UNKNOWN'
  | 'SAMPLE_BELOW_ADVISED'
  | 'SAMPLE_SIZES_DIFFER'
  | 'SAMPLE_SMALLER_THAN_LIMIT'
  | 'SCALE_NOT_UNIT'
  | 'SETS_EQUAL'
  | 'SUBSETS_SHRUNK'
  | 'TOO_MANY_DIMENSIONS'
  | 'WEIGHTS_UNVERIFIED'
  | 'WINDOWS_MISS_POINTS';

/** A remark inside a result: it never stops a run, and is never lost by one. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}
