/**
 * The launch of a matrix product by one of the variants. Kernels: product and product-operands (what all share), matmul, matmul-turned,
 * matmul-quad, matmul-tiled, and how they end: epilogue-sum, epilogue-activation, epilogue-activation-gradient.
 */
import type { Launch } from '../tape.ts';
import type { MatmulChoices } from './choices.ts';
import { shapeOf, type Product } from './shape.ts';
import { launchOf } from './variants.ts';

/** @param choices which variant takes which shape on this adapter. */
export function product(wanted: Product, choices: MatmulChoices): Launch {
  const shape = shapeOf(wanted);
  return launchOf(choices.variantFor(shape), wanted, shape);
}
