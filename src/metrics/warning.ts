/** Names of what a reader of a result should know before trusting the number. */
export type WarningCode =
  | 'DISTANCE_IS_ROUNDING'
  | 'FEWER_SAMPLES_THAN_DIMENSIONS'
  | 'IMAGES_SKIPPED'
  | 'PREPROCESSING_NOT_DEFAULT'
  | 'SAMPLE_SMALLER_THAN_LIMIT';

/** A remark inside a result: it never stops a run, and is never lost by one. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}
