// Run by Jest in a project that has the packed package: what `gan-metrics/jest` says in a real runner.
import 'gan-metrics/jest';

const options = { real: `${process.env.FIXTURES}/real`, model: 'cifar10-resnet', limit: 60 };

test('the matchers are there, and decide', async () => {
  const generated = `${process.env.FIXTURES}/fake`;
  await expect(generated).toHaveFIDBelow(1000, options);
  await expect(generated).not.toHaveFIDBelow(0.5, options);
  await expect(expect(generated).toHaveFIDBelow(0.5, options)).rejects.toThrow('lies above the limit of 0.5');
}, 60_000);
