import { exactTextOf } from '../../../models/attributes';
import type { Size } from '../shape';
import { computed, type Translator, unsupported } from '../translator';

/** A sum of products with named axes, such as `bij,bjk->bik`. */
export const einsum: Translator = (node, inputs, emitter) => {
  const equation = exactTextOf(node, 'equation', '').replaceAll(' ', '');
  const match = /^([A-Za-z,]+)->([A-Za-z]*)$/.exec(equation);
  if (!match) throw unsupported(node, `its equation is ${equation}`);
  const sizes = new Map<string, Size>();
  for (const [i, labels] of match[1].split(',').entries()) {
    for (const [axis, label] of [...labels].entries()) sizes.set(label, inputs[i].shape[axis]);
  }
  const shape = [...match[2]].map((label) => sizes.get(label)!);
  return computed(emitter.node('Einsum', inputs.map(emitter.channelsLast), { equation }), shape);
};
