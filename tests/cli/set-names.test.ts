import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { namedSets } from '../../src/cli/set-names';

const none = () => false;
const namesOf = (...args: string[]) => {
  const named = namedSets(args, none);
  return 'sets' in named ? Object.keys(named.sets) : named.problem;
};

describe('the names of sets on the command line', () => {
  it('are the last part of each path', () => {
    expect(namedSets(['out/a', './b/', 'c.npz'], none)).toEqual({
      sets: { a: 'out/a', b: './b/', 'c.npz': 'c.npz' },
    });
  });

  it('are what stands before =, but of a path that exists as it is', () => {
    expect(namedSets(['sg2=out/a', 'sg3=b=c'], none)).toEqual({ sets: { sg2: 'out/a', sg3: 'b=c' } });
    expect(namesOf('out/lr=1e-3', 'b')).toEqual(['lr=1e-3', 'b']);
    const exists = (name: string) => name === 'lr=1e-3';
    expect(namedSets(['lr=1e-3', 'b'], exists)).toEqual({ sets: { 'lr=1e-3': 'lr=1e-3', b: 'b' } });
  });

  it('take as many parts of the path as make them unlike each other, and no more', () => {
    expect(namesOf('run1/samples', 'run2/samples', 'c')).toEqual(['run1/samples', 'run2/samples', 'c']);
    expect(namesOf('x/1/s', 'y/1/s', 'y/2/s')).toEqual(['x/1/s', 'y/1/s', '2/s']);
  });

  it('are never real, which every report calls the real set', () => {
    expect(namesOf('out/real', 'b')).toEqual(['out/real', 'b']);
    expect(namesOf('real', 'b')).toEqual([`${path.basename(process.cwd())}/real`, 'b']);
  });

  it('must be given where paths are the same, or where the given ones are', () => {
    expect(namesOf('a', './a')).toMatch(/name .*a is taken: .* as in b=a/);
    expect(namesOf('x=a', 'x=b')).toMatch(/name x is taken/);
    expect(namesOf('real=a', 'b')).toMatch(/name real is taken/);
    expect(namesOf('a', 'copy=a')).toEqual(['a', 'copy']);
  });
});
