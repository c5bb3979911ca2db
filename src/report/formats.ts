import type { GateReport } from '../gate/gate-report';
import { toGitHubAnnotations } from './github';
import { toGitLabCodeQuality, toGitLabMetrics } from './gitlab';
import { toJUnit } from './junit';
import { toMarkdown } from './markdown';

/** A report as JSON, which `docs/gate-report.schema.json` describes: all other formats are made of it. */
export function toGateJSON(report: GateReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Every format that is one text, by the name that options and configurations give it. */
export const GATE_FORMATS = {
  json: toGateJSON,
  junit: toJUnit,
  markdown: (report) => toMarkdown(report),
  github: toGitHubAnnotations,
  codequality: toGitLabCodeQuality,
  metrics: toGitLabMetrics,
} satisfies Readonly<Record<string, (report: GateReport, options?: { prefix?: string }) => string>>;

export type GateFormat = keyof typeof GATE_FORMATS;
