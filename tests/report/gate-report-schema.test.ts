import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GATE_FORMATS, toGateJSON } from '../../src/report/formats';
import { projectFile } from '../reference';
import { anyReport, HOSTILE, report, reportOf } from './gate-reports';

const validate = new Ajv2020({ allErrors: true, strictRequired: false, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(projectFile('docs/gate-report.schema.json'), 'utf8')),
);

describe('docs/gate-report.schema.json', () => {
  it('holds for every report that toGateJSON writes, and the JSON is the report', () => {
    fc.assert(
      fc.property(anyReport, (given) => {
        const read = JSON.parse(toGateJSON(given));
        validate(read);
        expect(validate.errors ?? []).toEqual([]);
        expect(JSON.stringify(read)).toBe(JSON.stringify(given));
      }),
    );
  });

  it('does not hold without any one of its entries', () => {
    const given = JSON.parse(toGateJSON(report()));
    const parts: Record<string, unknown>[] = [given, given.suites[0], given.suites[0].rows[1]];
    for (const part of parts) {
      for (const name of Object.keys(part)) {
        const { [name]: value } = part;
        delete part[name];
        expect(validate(given), name).toBe(false);
        part[name] = value;
      }
    }
    expect(validate(given)).toBe(true);
  });

  it('does not hold for another verdict, type or version', () => {
    expect(validate({ ...report(), verdict: 'failed' })).toBe(false);
    expect(validate({ ...report(), exitCode: 130 })).toBe(false);
    expect(validate({ ...report(), schema: 2 })).toBe(false);
    expect(validate({ ...report(), startedAt: '4 May' })).toBe(false);
  });
});

describe('every format', () => {
  it.each(Object.entries(GATE_FORMATS))(
    '%s ends its last line, has no byte order mark and no line end but \\n',
    (_, format) => {
      for (const text of HOSTILE) {
        const written = format(reportOf(text));
        expect(written.at(-1)).toBe('\n');
        expect(written).not.toMatch(/^\ufeff|\r/);
      }
    },
  );

  it.each(Object.entries(GATE_FORMATS))('%s gives the same text for the same report', (_, format) => {
    expect(format(report())).toBe(format(structuredClone(report())));
  });
});
