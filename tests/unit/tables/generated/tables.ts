/** Tables of every kind and form, with what is true of each and what a reader made of it. */
import { drawnAcross } from './across.ts';
import type { Drawn } from './drawn.ts';
import { writeDrawn, type Written } from './forms.ts';
import { judge, type Judgement } from './judge.ts';
import { drawKind, KINDS } from './kinds.ts';
import { addNoise } from './noise.ts';
import { drawnNamed } from './named-runs.ts';
import { Random } from './random.ts';

export interface Trial extends Judgement, Written {
  seed: number;
  drawn: Drawn;
}

/** The table of a seed. */
export function drawTable(seed: number): { drawn: Drawn; written: Written } {
  const random = new Random(seed);
  // A generator begins alike for neighbouring seeds.
  for (let i = 0; i < 5; i++) random.next();
  const plain = drawKind(random.pick(KINDS), random);
  const across = random.chance(0.5) ? drawnAcross(plain, random) : null;
  const named = !across && random.chance(0.5) ? drawnNamed(plain, random) : null;
  const drawn = across ?? named ?? addNoise(plain, random);
  return { drawn, written: writeDrawn(drawn, random) };
}

export function trialOf(seed: number): Trial {
  const { drawn, written } = drawTable(seed);
  return { seed, drawn, ...written, ...judge(drawn, written.bytes) };
}
