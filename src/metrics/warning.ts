/** Names of what a reader of a result should know before trusting the number. */
export type WarningCode =
  | 'COUNT_UNKNOWN'
  | 'DISTANCE_IS_ROUNDING'
  | 'FEATURES_NOT_CLIP'
  | 'FEWER_SAMPLES_THAN_CLASSES'
  | 'FEWER_SAMPLES_THAN_DIMENSIONS'
  | 'IMAGES_SKIPPED'
  | 'ORDER_NOT_RANDOM'
  | 'PREPROCESSING_NOT_DEFAULT'
  | 'PROVENANCE_UNKNOWN'
  | 'SAMPLE_SMALLER_THAN_LIMIT'
  | 'SUBSETS_SHRUNK';

/** A remark inside a result: it never stops a run, and is never lost by one. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}
