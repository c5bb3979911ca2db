import packageJson from '../package.json' with { type: 'json' };

/** The version of gan-metrics, recorded in every result. */
export const version: string = packageJson.version;
