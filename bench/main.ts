/** `npm run bench -- <name> [--json] [options]`: every subject is a file of this folder. */
import { parseArgs } from 'node:util';
import { accuracyBench } from './accuracy';
import { covarianceBench } from './covariance';
import { coverageBench } from './coverage';
import { disturbancesBench } from './disturbances';
import { extractBench } from './extract';
import { frechetBench } from './frechet';
import { gemmBench } from './gemm';
import { gpuBench } from './gpu';
import { kdeBench } from './kde';
import { machine } from './machine';
import { manifoldCoverageBench } from './manifold-coverage';
import { pairwiseBench } from './pairwise';
import { parityBench } from './parity';
import { prepareBench } from './prepare';
import { startupBench } from './startup';

const benches = {
  extract: extractBench,
  accuracy: accuracyBench,
  disturbances: disturbancesBench,
  frechet: frechetBench,
  covariance: covarianceBench,
  coverage: coverageBench,
  gemm: gemmBench,
  gpu: gpuBench,
  'manifold-coverage': manifoldCoverageBench,
  pairwise: pairwiseBench,
  kde: kdeBench,
  parity: parityBench,
  prepare: prepareBench,
  startup: startupBench,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    model: { type: 'string', default: 'cifar10-resnet' },
    runtime: { type: 'string', default: 'auto' },
    'batch-size': { type: 'string' },
    workers: { type: 'string' },
    threads: { type: 'string' },
    busy: { type: 'string' },
    images: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    data: { type: 'string' },
    dimensions: { type: 'string' },
    samples: { type: 'string' },
    'ml-matrix': { type: 'string' },
  },
});

const name = positionals[0];
const bench = benches[name as keyof typeof benches];
if (!bench) {
  console.error(`Name a bench: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
const result = { bench: name, machine: machine(), ...(await bench(values)) };
if (values.json) console.log(JSON.stringify(result, null, 2));
else console.log(result.lines.join('\n'));
