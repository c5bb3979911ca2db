// In a project that has gan-metrics and @tensorflow/tfjs-node side by side: one tfjs serves both, and a training
// goes on around an evaluation as if it were not there.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { computeFID, loadModel } from 'gan-metrics';

const [, , fixtures] = process.argv;
const folders = ['real', 'fake'].map((name) => path.join(fixtures, name));
const model = 'cifar10-resnet';
const require = createRequire(path.join(process.cwd(), 'package.json'));
const tf = require('@tensorflow/tfjs-node');

// First of all with the caller's own, on which Node 23 and later run no operation by itself.
const { runTensors, dispose } = await loadModel(model, { tf, outputs: ['features'] });
const batch = tf.zeros([2, 32, 32, 3]);
const { features } = runTensors(batch);
assert.deepEqual(features.shape, [2, 192]);
tf.dispose([batch, features]);
await dispose();
assert.equal(tf.memory().numTensors, 0);

const network = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
network.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
const train = () => network.fit(tf.ones([16, 4]), tf.ones([16, 1]), { epochs: 2, verbose: 0 });
const { history: first } = await train();

const before = [tf.memory().numTensors, tf.getBackend(), tf.engine()];
const named = await computeFID(...folders, { model, runtime: 'tfjs-node' });
const given = await computeFID(...folders, { model, tf });
const auto = await computeFID(...folders, { model });
assert.deepEqual([tf.memory().numTensors, tf.getBackend()], before.slice(0, 2));
assert.equal(tf.engine(), before[2]);
assert.equal(tf.getBackend(), 'tensorflow');
assert.match(named.runtime.engine, /^tfjs-node /);
assert.equal(auto.runtime.name, 'onnxruntime');
for (const { value } of [named, given]) assert.ok(Math.abs(value / auto.value - 1) < 1e-6);

const { history: second } = await train();
assert.ok(second.loss.at(-1) < first.loss[0]);
const loaded = (name) => Object.keys(require.cache).filter((file) => file.endsWith(path.normalize(name)));
assert.equal(loaded('tfjs-node/dist/index.js').length, 1);
assert.equal(loaded('tfjs-core/dist/tf-core.node.js').length, 1);
const { sharedObjects } = process.report.getReport();
assert.equal(sharedObjects.filter((file) => file.endsWith('tfjs_binding.node')).length, 1);
for (const { runtime, value } of [named, given, auto]) console.log(runtime.engine, value);
