/**
 * Whether every start of the published grid reaches one objective on the replication's own points:
 *
 *   npx tsx lab/calibration/approach-three-starts.ts
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { laddersIn } from '../../src/tables/ladders.ts';
import { readTable } from '../../src/tables/reading.ts';
import { approachThree, descend, HUBER_DELTA, type Start } from '../../src/scaling/joint/approach-three.ts';
import { fitJointLaw } from '../../src/scaling/joint/law.ts';
import { jointLadder, type JointLadder } from '../../src/scaling/joint/linear.ts';

const POINTS = new URL('../../tests/unit/scaling/chinchilla-points.csv', import.meta.url);

/** The 240 losses that Besiroglu et al. (2024) fit, after Hoffmann et al. (2022). */
export function chinchillaPoints(): { n: number; d: number; loss: number }[] {
  const [ladder] = laddersIn(readTable(readFileSync(fileURLToPath(POINTS), 'utf8'), { tokens: 'tokens' }));
  return ladder!.points.map(({ x, tokens, loss }) => ({ n: x, d: tokens!, loss }));
}

/** The 4,500 starts from which Hoffmann et al. (2022, section D.2) search, in the units of the ladder. */
export function publishedStarts({ logN, logD }: JointLadder): Start[] {
  const exponents = [0, 0.5, 1, 1.5, 2];
  const floors = [-1, -0.5, 0, 0.5, 1];
  const terms = [0, 5, 10, 15, 20, 25];
  return exponents.flatMap((alpha) =>
    exponents.flatMap((beta) =>
      floors.flatMap((e) =>
        terms.flatMap((a) => terms.map((b): Start => [alpha, beta, e, a - alpha * logN, b - beta * logD])),
      ),
    ),
  );
}

function main(): void {
  const ladder = jointLadder(chinchillaPoints());
  const { objective } = approachThree(ladder, fitJointLaw(ladder));
  const starts = publishedStarts(ladder);
  const over = starts.map((start) => (descend(ladder, start).value * HUBER_DELTA ** 2) / objective - 1);
  const reached = over.filter((one) => Math.abs(one) < 1e-6).length;
  console.log(
    `${reached} of ${starts.length} starts reach ${objective}; the farthest ends ${Math.max(...over)} above it.`,
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
