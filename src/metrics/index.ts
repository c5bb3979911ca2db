export { type ErrorCode, GanMetricsError } from '../errors';
