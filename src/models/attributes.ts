import type { GraphAttribute, GraphNode } from './model';

/** Attribute values in the JSON form of a GraphDef: integers as strings, texts in base64. */
export const attribute = {
  type: (type: 'DT_FLOAT' | 'DT_INT32' | 'DT_BOOL'): GraphAttribute => ({ type }),
  text: (text: string): GraphAttribute => ({ s: base64(text) }),
  texts: (texts: readonly string[]): GraphAttribute => ({ list: { s: texts.map(base64) } }),
  integer: (value: number): GraphAttribute => ({ i: String(value) }),
  integers: (values: readonly number[]): GraphAttribute => ({ list: { i: values.map(String) } }),
  float: (value: number): GraphAttribute => ({ f: value }),
  flag: (value: boolean): GraphAttribute => ({ b: value }),
  shape: (sizes: readonly number[]): GraphAttribute => ({
    shape: { dim: sizes.map((size) => ({ size: String(size) })) },
  }),
};

/** Reads a text attribute, in upper case (`SAME`, `NHWC`), as TensorFlow writes its enumerations. */
export function textOf(node: GraphNode, name: string, fallback: string): string {
  const value = node.attr?.[name]?.s;
  return value === undefined ? fallback : decodeText(value).toUpperCase();
}

/** Reads a text attribute letter by letter. */
export function exactTextOf(node: GraphNode, name: string, fallback: string): string {
  const value = node.attr?.[name]?.s;
  return value === undefined ? fallback : decodeText(value);
}

export function textsOf(node: GraphNode, name: string): string[] {
  return (node.attr?.[name]?.list?.s ?? []).map(decodeText);
}

export function numberOf(node: GraphNode, name: string, fallback: number): number {
  const value = node.attr?.[name];
  return Number(value?.i ?? value?.f ?? fallback);
}

export function integersOf(node: GraphNode, name: string, fallback: readonly number[] = []): number[] {
  return (node.attr?.[name]?.list?.i ?? fallback).map(Number);
}

export function flagOf(node: GraphNode, name: string, fallback = false): boolean {
  return node.attr?.[name]?.b ?? fallback;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decodeText(value: string | readonly number[]): string {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString() : String.fromCharCode(...value);
}
