/** A tensor that a model's file declares; a size of null is open, a missing shape is not declared at all. */
export interface DeclaredTensor {
  /** What a runtime calls it. */
  readonly name: string;
  /** Another name that the file has for it. */
  readonly alias?: string;
  /** `float32`, or whatever else it is. */
  readonly type: string;
  readonly shape?: readonly (number | null)[];
}

/** What a model's file says of itself. */
export interface Declaration {
  readonly inputs: readonly DeclaredTensor[];
  readonly outputs: readonly DeclaredTensor[];
  /** Names that can be taken as outputs without being declared as such. */
  readonly inner?: ReadonlySet<string>;
}

/** For messages: `inputs: images float32 [?, 3, 224, 224]; outputs: …`. */
export function describeDeclaration({ inputs, outputs }: Declaration): string {
  return `inputs: ${list(inputs)}; outputs: ${list(outputs)}`;
}

export function describeTensor({ name, alias, type, shape }: DeclaredTensor): string {
  const sizes = shape ? `[${shape.map((size) => size ?? '?').join(', ')}]` : 'of undeclared shape';
  return `${name}${alias && alias !== name ? ` ("${alias}")` : ''} ${type} ${sizes}`;
}

const LISTED = 12;

function list(tensors: readonly DeclaredTensor[]): string {
  if (tensors.length === 0) return 'none';
  const shown = tensors.slice(0, LISTED).map(describeTensor);
  return [...shown, ...(tensors.length > LISTED ? [`… and ${tensors.length - LISTED} more`] : [])].join(', ');
}
