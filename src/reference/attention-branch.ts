/**
 * The attention branch of a layer: β · attn(norm(x)) · W_out, where queries and keys may be normalised head by head (Henry et
 * al. 2020, arXiv 2010.04245) and then rotated by their position.
 */
import { attentionBackward, attentionForward, type Attended } from './attention.ts';
import type { Normed } from './norm.ts';
import { sum, type Pass } from './pass.ts';
import { ropeBackward, ropeForward } from './rope.ts';

export interface AttentionBranch {
  norm: Normed;
  query: Product;
  key: Product;
  /** [rows, width] */
  value: Float64Array;
  attended: Attended;
  /** What the branch adds to the residual stream [rows, width]. */
  output: Float64Array;
}

/** Queries or keys [rows, width]. */
interface Product {
  /** norm(x) · W */
  product: Float64Array;
  /** Null without QK-norm. */
  normed: Normed | null;
  /** What attention sees. */
  final: Float64Array;
}

export function attentionBranchForward(pass: Pass, layer: number, x: Float64Array): AttentionBranch {
  const name = `layers.${layer}.attn`;
  const norm = pass.norm(`${name}.norm`, x);
  const query = productForward(pass, `${name}.query`, norm.y);
  const key = productForward(pass, `${name}.key`, norm.y);
  const value = pass.linear(`${name}.value`, norm.y);
  const attended = attentionForward(query.final, key.final, value, pass.heads, pass.multipliers.attention);
  const output = pass.linear(`${name}.out`, attended.output, pass.multipliers.branch);
  return { norm, query, key, value, attended, output };
}

/** From the gradient of the branch's output to that of x. */
export function attentionBranchBackward(
  pass: Pass,
  layer: number,
  { norm, query, key, value, attended }: AttentionBranch,
  dOutput: Float64Array,
): Float64Array {
  const name = `layers.${layer}.attn`;
  const dMixed = pass.linearBackward(`${name}.out`, attended.output, dOutput, pass.multipliers.branch);
  const { dq, dk, dv } = attentionBackward(
    query.final,
    key.final,
    value,
    attended,
    dMixed,
    pass.heads,
    pass.multipliers.attention,
  );
  const dQuery = productBackward(pass, `${name}.query`, norm.y, query, dq);
  const dKey = productBackward(pass, `${name}.key`, norm.y, key, dk);
  const dValue = pass.linearBackward(`${name}.value`, norm.y, dv);
  return pass.normBackward(`${name}.norm`, norm, sum(dQuery, dKey, dValue));
}

function productForward(pass: Pass, name: string, x: Float64Array): Product {
  const { qkNorm, position } = pass.shape.architecture;
  const product = pass.linear(name, x);
  const normed = qkNorm ? pass.norm(`${name}_norm`, product) : null;
  const directed = normed?.y ?? product;
  return { product, normed, final: position === 'rope' ? ropeForward(directed, pass.heads) : directed };
}

function productBackward(pass: Pass, name: string, x: Float64Array, { normed }: Product, dFinal: Float64Array) {
  const dDirected = pass.shape.architecture.position === 'rope' ? ropeBackward(dFinal, pass.heads) : dFinal;
  const dProduct = normed ? pass.normBackward(`${name}_norm`, normed, dDirected) : dDirected;
  return pass.linearBackward(name, x, dProduct);
}
