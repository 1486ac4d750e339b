import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MU_SCALING } from '../../../src/tables/mu-scaling.ts';
import type { LossSeal } from '../../../src/scaling/loss-seal.ts';
import { fitFileOf, openFitFile } from '../../../src/ui/law/fit-export.ts';
import { lossesHeadline } from '../../../src/ui/tables/headline.ts';
import { lossesFromHash, lossesHash } from '../../../src/ui/link/losses-link.ts';
import { newDocument, parseLossDocument, type LossDocument } from '../../../src/ui/state/loss-document.ts';
import { lossesTable } from '../../../src/ui/law/table-scene.ts';
import { Findings } from '../../../src/ui/state/findings.svelte.ts';
import { Losses } from '../../../src/ui/state/losses.svelte.ts';
import { keptTables } from '../../../src/ui/storage/kept-tables.ts';
import { analyse, type Question } from '../../../src/analysis/analyse.ts';
import type { Ask } from '../../../src/analysis/ask.ts';
import { asking } from '../experiment/fakes.ts';

const findings = new Findings(asking({}));
const law = (x: number) => 2 + 5 * x ** -0.6;
const TEXT = `width;loss\n${[16, 24, 32, 48, 64].map((x) => `${x};${law(x).toFixed(5).replace('.', ',')}`).join('\n')}\n128;\n`;

/** With the answers that the page would wait for. */
async function opened(text: string, change: Partial<LossDocument> = {}): Promise<Losses> {
  const losses = new Losses(findings);
  losses.openText('mine.csv', text);
  losses.change(change);
  await answered(losses);
  return losses;
}

async function answered(losses: Losses): Promise<void> {
  // Whoever reads an answer asks for it.
  const isThere = ({ answered, problem }: Losses['law'] | Losses['joint']) => answered !== null || problem !== '';
  await read(losses);
  await expect
    .poll(() => (losses.request ? isThere(losses.law) : !losses.jointRequest || isThere(losses.joint)))
    .toBe(true);
}

/** As far as the table itself goes. */
const read = (losses: Losses) => expect.poll(() => losses.isReading).toBe(false);

describe('a table', () => {
  it('begins as the published one, fitted as its authors did, with the rest held back', async () => {
    const losses = new Losses(findings);
    await answered(losses);
    const { a, b, c } = losses.report!.leastSquares!;
    expect([a, b, c].map((value) => Number(value.toFixed(6)))).toEqual(Object.values(MU_SCALING.authors));
    expect(losses.scene.targets.map(({ x, known }) => [x, known])).toEqual([
      [194.24, 3.1797],
      [676.48, 3.0854],
      [1446.72, 3.0425],
    ]);
    expect(losses.isPreset).toBe(true);
    expect(lossesHeadline(losses.scene, losses.report).lead).toBe('At x = 1446.72 the loss was predicted to be ');
    losses.openPreset('width');
    await answered(losses);
    expect(losses.report!.leastSquares!.b).toBeCloseTo(0.45856, 5);
  });

  it.each(['0', '0.000', '-1', 'NaN'])('a loss of %s is refused with its row, not left out', async (loss) => {
    const losses = await opened('width,loss\n16,4\n32,3.5\n64,3.2\n128,3\n');
    losses.change({ text: losses.document.text.replace('3.5', loss) });
    await read(losses);
    expect(losses.reading.problem!.message).toBe(
      `Row 3, column "loss": must be a finite number above 0, or empty to have it predicted, not "${loss}".`,
    );
    // The other rows stay drawn.
    expect(losses.request!.points.map(({ x }) => x)).toEqual([16, 64, 128]);
  });

  it('with semicolons and decimal commas is read, and a bad cell is told with its row, the text kept', async () => {
    const losses = await opened(TEXT);
    expect(losses.reading.problem).toBeNull();
    expect(losses.scene.rungs).toHaveLength(5);
    expect(losses.report!.predictions[0]!.loss).toBeCloseTo(law(128), 2);
    const bad = TEXT.replace('\n24;', '\n24x;');
    losses.change({ text: bad });
    await read(losses);
    expect(losses.reading.problem!.message).toBe('Row 3, column "width": must be a finite number above 0, not "24x".');
    expect(losses.document.text).toBe(bad);
    expect(losses.request!.points).toHaveLength(4);
    expect(losses.scene.targets.some((target) => losses.canSeal(target))).toBe(false);
    expect(losses.xName).toBe('width');
  });

  it('gives a point back to the fit when it is clicked again, and holds back all beyond the first', async () => {
    const losses = await opened(TEXT);
    losses.togglePoint('1');
    expect(losses.request!.points.map(({ x }) => x)).toEqual([16, 32, 48, 64]);
    losses.togglePoint(losses.scene.rungs.find(({ x }) => x === 24)!.id);
    expect(losses.request!.points).toHaveLength(5);
    losses.change({ first: 3 });
    expect(losses.request!.points.map(({ x }) => x)).toEqual([16, 24, 32]);
    expect(losses.scene.targets.map(({ x }) => x)).toEqual([48, 64, 128]);
  });

  it('with a column of tokens is one law of both', async () => {
    const joint = (n: number, d: number) => 2 + 400 / n ** 0.35 + 900 / d ** 0.3;
    const rows = [1e6, 4e6, 1.6e7].flatMap((n) => [1e8, 1e9, 1e10].map((d) => `${n},${d},${joint(n, d)}`));
    const losses = await opened(`params,tokens,loss\n${rows.join('\n')}\n`);
    expect(losses.reading.problem!.message).toMatch(
      /^Column "tokens" has 100000000 and 1000000000: a law over x alone/,
    );
    const [both] = losses.question!.answers;
    expect(both).toEqual({ label: 'a law of both', role: 'tokens', places: [1] });
    losses.answer(both!);
    await read(losses);
    expect(losses.question).toBeNull();
    await answered(losses);
    expect(losses.isJoint).toBe(true);
    expect(losses.jointReport!.leastSquares!.E).toBeCloseTo(2, 6);
    expect(fitFileOf(losses).fits[0]!.status).toBe('joint');
  });

  it('of logarithms to no base that is told asks for it, keeps the answer in its link, and asks again where the header changes', async () => {
    const rows = [64, 128, 256, 512].map((width) => `${width},${Math.log10(law(width))}`);
    const text = `width,log(loss)\n${rows.join('\n')}\n`;
    const losses = await opened(text);
    expect(losses.question).toMatchObject({ answers: [], bases: ['10', '2', 'e'] });
    expect(losses.request).toBeNull();
    losses.change({ base: '10' });
    await answered(losses);
    expect(losses.question).toBeNull();
    expect(losses.request!.points[0]!.loss).toBeCloseTo(law(64), 12);
    expect(lossesFromHash(losses.hash!)).toEqual(losses.document);
    losses.editText(text.replace('width', 'd_model'));
    expect(losses.document.base).toBeNull();
    // Tables that were kept before have none.
    const earlier = { ...newDocument('', TEXT), base: undefined };
    expect(parseLossDocument(earlier).base).toBeNull();
    expect(() => parseLossDocument({ ...earlier, base: '7' })).toThrow('base');
  });
});

describe('the reading of a table', () => {
  /** A reader that answers when it is let, and what it was asked. */
  function slowReader() {
    const asked: string[] = [];
    const waiting: (() => void)[] = [];
    const ask: Ask = async (question) => {
      if (question.kind === 'reading') {
        asked.push((question as Question<'reading'>).inputs.text);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return analyse(question);
    };
    const losses = new Losses(new Findings(ask));
    const firstSizes = () => losses.scene.rungs.map(({ x }) => x);
    return { losses, asked, firstSizes, answer: () => waiting.shift()!() };
  }

  it('never puts an earlier text in the place of a later one, and reads only the latest of those typed meanwhile', async () => {
    const { losses, asked, firstSizes, answer } = slowReader();
    losses.openText('mine.csv', TEXT);
    expect(losses.isReading).toBe(true);
    await expect.poll(() => asked).toEqual([TEXT]);
    const [second, third] = [TEXT.replace('16;', '14;'), TEXT.replace('16;', '12;')];
    for (const text of [second, third]) {
      losses.editText(text);
      expect(losses.isReading).toBe(true);
    }
    answer();
    await expect.poll(() => (void losses.isReading, asked)).toEqual([TEXT, third]);
    expect(losses.isReading).toBe(true);
    answer();
    await read(losses);
    expect(firstSizes()).toEqual([12, 24, 32, 48, 64]);
  });

  it('shows what was read before while a table is typed, seals nothing of it, and shows nothing of another table', async () => {
    const { losses, asked, firstSizes, answer } = slowReader();
    losses.openText('mine.csv', TEXT);
    expect(losses.isReading).toBe(true);
    await expect.poll(() => asked).toHaveLength(1);
    answer();
    await answered(losses);
    const [target] = losses.scene.targets;
    expect(losses.canSeal(target!)).toBe(true);
    losses.editText(TEXT.replace('16;', '12;'));
    expect(firstSizes()).toEqual([16, 24, 32, 48, 64]);
    expect([losses.canSeal(target!), losses.canBeTaken]).toEqual([false, false]);
    losses.openText('theirs.csv', 'width,loss\n10,4\n20,3.5\n40,3.2\n');
    expect([losses.reading.table, losses.scene.rungs, losses.isReading]).toEqual([null, [], true]);
  });

  it('that fails says so, and the next is asked again', async () => {
    const fate = { fails: true };
    const losses = new Losses(
      new Findings(async (question) => {
        if (fate.fails) throw new Error('The reading worker stopped.');
        return analyse(question);
      }),
    );
    losses.openText('mine.csv', TEXT);
    await expect.poll(() => losses.reading.problem?.message).toBe('The reading worker stopped.');
    expect(losses.isReading).toBe(false);
    fate.fails = false;
    losses.editText(TEXT.replace('16;', '12;'));
    await read(losses);
    expect(losses.scene.rungs).toHaveLength(5);
  });
});

describe('two series', () => {
  it('are drawn with the law of each, by all of their points, and the one that was chosen is compared', async () => {
    const series = { a: [2, 8], b: [1.8, 14], c: [2.2, 6] };
    const rows = Object.entries(series).flatMap(([name, [c, a]]) =>
      [1e6, 3e6, 1e7, 3e7, 1e8].map((x) => `${name},${x},${(c! + a! * 100 * x ** -0.5).toFixed(5)}`),
    );
    const losses = await opened(`model,params,loss\n${rows.join('\n')}\na,1e9,\n`, { first: 4 });
    await expect.poll(() => losses.pair?.reports.every((report) => report?.leastSquares)).toBe(true);
    const { sides, finding, reports } = losses.pair!;
    expect(sides.map(({ name, scene }) => [name, scene.rungs.length])).toEqual([
      ['a', 5],
      ['b', 5],
    ]);
    expect(reports[1]!.leastSquares!.c).toBeCloseTo(1.8, 2);
    expect(reports.map((report) => report!.band.at(-1)!.x)).toEqual([
      reports[0]!.band.at(-1)!.x,
      reports[0]!.band.at(-1)!.x,
    ]);
    expect(finding).toMatchObject({ a: 'a', b: 'b', verdict: 'crossover' });
    expect(finding.sentence).toMatch(/^b overtakes a at params = /);
    losses.against = 'c';
    await expect.poll(() => losses.pair?.finding.b).toBe('c');
    expect(losses.pair!.sides.map(({ name }) => name)).toEqual(['a', 'c']);
  });
});

describe('a seal', () => {
  it('stays as it was when the table changes, says so, and takes the measured loss', async () => {
    const losses = await opened(TEXT);
    const [target] = losses.scene.targets;
    losses.seal(target!);
    const [seal] = losses.document.sealed;
    expect(seal).toMatchObject({ target: 128, actual: null, verdict: null, level: 0.8 });
    expect(losses.hasOtherInputs(seal!)).toBe(false);
    losses.change({ text: TEXT.replace('16;', '15;') });
    await answered(losses);
    expect(losses.hasOtherInputs(losses.document.sealed[0]!)).toBe(true);
    expect(losses.document.sealed[0]).toEqual(seal);
    losses.reveal(seal!, seal!.hi + 0.1);
    expect(losses.document.sealed[0]).toMatchObject({ verdict: 'above', loss: seal!.loss });
    losses.discardSeal(losses.document.sealed[0]!);
    expect(losses.document.sealed).toEqual([]);
  });

  it('is not made of what is known already, and a tampered one is refused', async () => {
    const losses = await opened(TEXT, { first: 4 });
    expect(losses.scene.targets.map((target) => losses.canSeal(target))).toEqual([false, true]);
    losses.seal(losses.scene.targets[1]!);
    const changed = structuredClone(losses.document) as LossDocument;
    parseLossDocument(changed);
    const changes: ((seal: LossSeal) => void)[] = [
      (seal) => (seal.points[0]!.loss += 1e-9),
      (seal) => (seal.hi += 1),
      (seal) => (seal.sealedAt = '1999-01-01T00:00:00.000Z'),
      (seal) => (seal.series = 'another'),
    ];
    for (const change of changes) {
      const tampered = structuredClone(changed);
      change(tampered.sealed[0]!);
      expect(() => parseLossDocument(tampered)).toThrow(/sealed\[0\]: the seal of x = 128 is not what its hash says/);
    }
    const earlier = structuredClone(changed);
    delete earlier.sealed[0]!.sealHash;
    parseLossDocument(earlier);
    earlier.sealed[0]!.points[0]!.loss += 1e-9;
    expect(() => parseLossDocument(earlier)).toThrow(/sealed\[0\]\.inputsHash: the seal of x = 128/);
  });
});

describe('the measurement of a seal', () => {
  const sealedAt128 = async () => {
    const losses = await opened(TEXT);
    losses.seal(losses.scene.targets[0]!);
    return { losses, seal: losses.document.sealed[0]! };
  };

  it('is the row at its x, which is no point of the fit: chart, headline, numbers and file agree', async () => {
    const { losses, seal } = await sealedAt128();
    const { request } = losses;
    losses.editText(TEXT.replace('128;\n', '128;2,3\n128;2,5\n256;\n'));
    await answered(losses);
    expect(losses.request!.points).toEqual(request!.points);
    expect(losses.hasOtherInputs(seal)).toBe(false);
    const [target] = losses.scene.targets;
    expect(target).toMatchObject({ isMeasured: true, own: seal, sealed: { actual: 2.4, loss: seal.loss } });
    const { verdict } = target!.sealed!;
    expect(verdict).toBe('above');
    expect(losses.scene.sizes).toBe(5);
    const { columns, rows } = lossesTable(losses.scene, losses.report);
    const row = rows.find(([x]) => x === 128)!;
    expect([row[columns.indexOf('loss')], row[columns.indexOf('verdict')]]).toEqual([2.4, verdict]);
    const file = fitFileOf(losses);
    expect(file.sealed).toEqual([target!.sealed]);
    expect(openFitFile(JSON.stringify(file), 'fit.json').sealed).toEqual(file.sealed);
    losses.change({ text: TEXT.replace('128;\n', '128;2,3\n') });
    await answered(losses);
    expect(lossesHeadline(losses.scene, losses.report)).toMatchObject({ tail: ' and was measured at 2.300' });
    losses.discardSeal(losses.scene.targets[0]!.own!);
    expect(losses.document.sealed).toEqual([]);
    expect(losses.request!.points).toHaveLength(6);
  });

  it('takes the place of a loss that was typed in, and gives it back', async () => {
    const { losses } = await sealedAt128();
    losses.reveal(losses.scene.targets[0]!.own!, 2.6);
    losses.editText(TEXT.replace('128;\n', '128;2,3\n'));
    await read(losses);
    expect(losses.scene.targets[0]!.sealed!.actual).toBe(2.3);
    losses.editText(TEXT);
    await read(losses);
    expect(losses.scene.targets[0]).toMatchObject({ isMeasured: false, sealed: { actual: 2.6 } });
  });

  it('is no row that is left out, of another series, or with tokens where it was sealed without', async () => {
    const { losses, seal } = await sealedAt128();
    const leftOut = [{ series: null, x: 128, loss: 2.3 }];
    losses.change({ text: TEXT.replace('128;\n', '128;2,3\n'), leftOut });
    await read(losses);
    expect(losses.scene.targets[0]).toMatchObject({ isMeasured: false, sealed: seal });
    expect(losses.scene.rungs.at(-1)).toMatchObject({ x: 128, isIn: false });
    losses.togglePoint(losses.scene.rungs.at(-1)!.id);
    expect(losses.scene.targets[0]!.isMeasured).toBe(true);
    losses.change({ text: 'series,width,loss\na,128,2.3\n' });
    await read(losses);
    expect(losses.scene.targets).toEqual([]);
    losses.change({ text: 'width,tokens,loss\n128,1000,2.3\n', columns: { tokens: 1 } });
    await read(losses);
    expect(losses.jointRequest!.points).toHaveLength(1);
  });

  it('of a law of size and tokens is measured by the row with its tokens, and is no point of the law then', async () => {
    const joint = (n: number, d: number) => 1.8 + 400 / n ** 0.35 + 2000 / d ** 0.37;
    const rows = [1e6, 3e6, 1e7, 3e7].flatMap((n) => [1e8, 1e9, 1e10].map((d) => `${n},${d},${joint(n, d)}`));
    const text = `params,tokens,loss\n${rows.join('\n')}\n1e9,1e11,\n1e9,1e10,\n`;
    const losses = await opened(text, { columns: { tokens: 1 } });
    const [near, far] = losses.scene.targets;
    expect([near!.title, far!.title]).toEqual(['N = 1B, D = 10B', 'N = 1B, D = 100B']);
    expect(losses.canSeal(far!)).toBe(true);
    losses.seal(far!);
    const [seal] = losses.document.sealed;
    expect(seal).toMatchObject({ target: 1e9, tokens: 1e11, actual: null });
    expect(seal!.points).toHaveLength(12);
    expect(seal!.points[0]).toEqual({ x: 1e6, tokens: 1e10, loss: joint(1e6, 1e10) });
    expect(seal!.loss).toBeCloseTo(joint(1e9, 1e11), 6);
    expect(losses.hasOtherInputs(seal!)).toBe(false);

    // A row of the same size and other tokens is another training.
    losses.change({ text: text.replace('1e9,1e10,', '1e9,1e10,2.5') });
    await answered(losses);
    expect(losses.scene.targets.map(({ title, isMeasured }) => [title, isMeasured])).toEqual([
      ['N = 1B, D = 100B', false],
    ]);
    expect(losses.hasOtherInputs(seal!)).toBe(true);
    losses.change({ text: text.replace('1e9,1e11,', '1e9,1e11,2.5') });
    await answered(losses);
    const target = losses.scene.targets.find(({ tokens }) => tokens === 1e11)!;
    expect(target).toMatchObject({ isMeasured: true, sealed: { actual: 2.5, verdict: 'above' } });
    expect(losses.jointRequest!.points).toHaveLength(12);
    expect(losses.hasOtherInputs(seal!)).toBe(false);
    expect(lossesFromHash(losses.hash!)).toEqual(losses.document);
    const file = fitFileOf(losses);
    expect(file.sealed).toEqual([{ ...seal, actual: 2.5, verdict: 'above' }]);
    const back = openFitFile(JSON.stringify(file), 'fit.json');
    expect(back.sealed).toEqual(file.sealed);
    expect(() =>
      openFitFile(JSON.stringify(file).replace('"tokens":100000000000', '"tokens":200000000000'), 'a'),
    ).toThrow('is not what its hash says');
  });

  it('of a ladder of curves holds the curve, and tells how much of the measured one lay in its band', async () => {
    const steps = [100, 200, 300, 400, 500];
    const at = (width: number, step: number) => 2 + 6 * width ** -0.5 + 3 * step ** -0.6;
    const rowsOf = (width: number, lift = 0) =>
      steps.map((step, k) => `${width},${step},${at(width, step) + (k < 2 ? lift : 0)}`).join('\n');
    const text = `width,step,loss\n${[16, 32, 64, 128].map((width) => rowsOf(width)).join('\n')}\n`;
    const losses = await opened(text, { targets: [512] });
    const [target] = losses.scene.targets;
    // Not before the curve is there.
    await expect.poll(() => losses.ghosts.answered !== null && losses.canSeal(target!)).toBe(true);
    losses.seal(target!);
    const [seal] = losses.document.sealed;
    expect(seal!.curve!.steps).toEqual(steps);
    expect(seal).toMatchObject({ target: 512, curveHeld: null, actual: null });
    losses.change({ text: `${text}${rowsOf(512, 0.5)}\n` });
    await answered(losses);
    expect(losses.scene.targets[0]).toMatchObject({ isMeasured: true, sealed: { verdict: 'inside', curveHeld: 0.6 } });
    expect(fitFileOf(losses).sealed![0]).toMatchObject({ verdict: 'inside', curveHeld: 0.6 });
    // What it is held to has no part in the law nor in other curves.
    losses.change({ targets: [512, 1024] });
    await answered(losses);
    await expect.poll(() => losses.ghosts.answered?.question.inputs.rungs.map(({ x }) => x)).toEqual([16, 32, 64, 128]);
    expect(lossesFromHash(losses.hash!)).toEqual(losses.document);
    const touched = { ...seal!, curve: { ...seal!.curve!, hi: seal!.curve!.hi.map((hi) => hi + 1) } };
    expect(() => parseLossDocument({ ...losses.document, sealed: [touched] })).toThrow('is not what its hash says');
  });

  it.each([
    ['left out', { leftOut: [{ series: null, x: 256, loss: 9 }] }],
    ['held back', { first: 4 }],
  ])('holds a curve of the trainings that its loss is of: one that is %s has no part in it', async (_, change) => {
    const steps = [100, 200, 300, 400, 500];
    const at = (width: number, step: number) => 2 + 6 * width ** -0.5 + 3 * step ** -0.6;
    const rowsOf = (width: number, seed: number) => steps.map((step) => `${width},${seed},${step},${at(width, step)}`);
    const fitted = [16, 32, 64, 128].flatMap((width) => rowsOf(width, 0));
    const spoilt = steps.map((step) => `256,0,${step},9`);
    const text = `width,seed,step,loss\n${[...fitted, ...spoilt].join('\n')}\n`;
    const losses = await opened(text, { targets: [512], ...change });
    const target = losses.scene.targets.at(-1)!;
    await expect.poll(() => losses.ghosts.answered !== null && losses.canSeal(target)).toBe(true);
    losses.seal(target);
    const [seal] = losses.document.sealed;
    expect(seal!.points.map(({ x }) => x)).toEqual([16, 32, 64, 128]);
    expect(seal!.curve!.loss.at(-1)).toBeCloseTo(seal!.loss, 2);
    expect(losses.hasOtherInputs(seal!)).toBe(false);
    // A loss on the way changes no point, and the curve.
    losses.change({ text: text.replace(`64,0,200,${at(64, 200)}`, '64,0,200,2.5') });
    await answered(losses);
    expect(losses.request!.points.map(({ x }) => x)).toEqual([16, 32, 64, 128]);
    expect(losses.hasOtherInputs(seal!)).toBe(true);
    // What is left out has no part in what it is held to, either.
    const bad = steps.map((step) => `512,1,${step},8`);
    const leftOut = [...losses.document.leftOut, { series: null, x: 512, loss: 8 }];
    losses.change({ text: `${text}${[...rowsOf(512, 0), ...bad].join('\n')}\n`, leftOut });
    await answered(losses);
    const measured = losses.scene.targets.find(({ x }) => x === 512)!;
    expect(measured).toMatchObject({ isMeasured: true, sealed: { verdict: 'inside', curveHeld: 1 } });
    expect(losses.hasOtherInputs(seal!)).toBe(false);
  });

  it('cannot come before it: what a row knows is not sealed', async () => {
    const losses = await opened(TEXT, { targets: [32, 64], leftOut: [{ series: null, x: 64, loss: 2.41235 }] });
    const { targets } = losses.scene;
    expect(targets.map(({ x, rows, known }) => [x, rows, known])).toEqual([
      [32, 'fitted', 2.625],
      [64, 'left out', 2.41235],
      [128, null, null],
    ]);
    expect(targets.map((target) => losses.canSeal(target))).toEqual([false, false, true]);
    losses.change({ text: TEXT.replace('128;\n', ''), targets: [32] });
    await answered(losses);
    expect(lossesHeadline(losses.scene, losses.report).lead).toBe('The law through four points');
  });

  it('is compared with the points it was sealed from, not with those of today', async () => {
    const { losses } = await sealedAt128();
    losses.change({ text: TEXT.replace('width;loss\n', 'width;loss\n12;3,2\n') });
    await answered(losses);
    expect(losses.request!.points).toHaveLength(6);
    expect(lossesHeadline(losses.scene, losses.report).sub).toContain('from five points, x 16 to 64. Sealed.');
  });
});

describe('what this browser keeps', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** Storage of this browser that holds `tables`. */
  function storing(tables: unknown[] = [], setItem?: () => void) {
    const stored = new Map([['mup-playground-losses', JSON.stringify(tables)]]);
    const getItem = (key: string) => stored.get(key) ?? null;
    vi.stubGlobal('localStorage', { getItem, setItem: setItem ?? stored.set.bind(stored) });
    return () => JSON.parse(stored.get('mup-playground-losses')!) as { id: string; document: LossDocument }[];
  }

  it('is a table with a name of any length, shortened in sight', () => {
    storing();
    const losses = new Losses(findings);
    losses.openText(`${'long '.repeat(60)}end.csv`, TEXT);
    losses.keep();
    expect(losses.unkept).toBe('');
    const [{ document }] = keptTables();
    expect(document).toEqual(losses.document);
    expect(document.name).toMatch(/^long .*….*end\.csv$/);
    expect(lossesFromHash(`#${losses.hash}`)).toEqual(document);
  });

  it('is also what an earlier version kept under a longer name, and what this one cannot read', () => {
    const named = {
      id: 'n',
      changed: '2026-01-02T12:00:00.000Z',
      document: { ...newDocument('', TEXT), name: 'n'.repeat(200) },
    };
    const later = { id: 'l', document: { ...newDocument('later', TEXT), option: 1 } };
    const inStorage = storing([named, later]);
    expect(keptTables().map(({ id }) => id)).toEqual(['n']);
    const losses = new Losses(findings);
    losses.openText('mine.csv', TEXT);
    losses.keep();
    expect(
      inStorage()
        .slice(1)
        .map(({ id }) => id),
    ).toEqual(['n', 'l']);
  });

  it('knows what it was read as, also where it was kept before it was read', async () => {
    storing();
    const losses = new Losses(new Findings(asking({})));
    losses.openText('mine.csv', TEXT);
    losses.keep();
    expect(keptTables()[0]!.about).toBeUndefined();
    await answered(losses);
    losses.keep();
    expect(keptTables()).toMatchObject([{ about: { kind: 'sizes', rows: 6 } }]);
    const [{ changed }] = keptTables();
    losses.keep();
    expect(keptTables()[0]!.changed).toBe(changed);
  });

  it('is the one before another that is opened at once, as what it was read', async () => {
    storing();
    const losses = await opened(TEXT);
    losses.openText('', '');
    expect(keptTables()[0]).toMatchObject({ document: { text: TEXT }, about: { kind: 'sizes', rows: 6 } });
  });

  it('is the table in hand before any other: the oldest without a seal goes, and none with one', async () => {
    const mine = await opened(TEXT);
    mine.seal(mine.scene.targets[0]!);
    const { document } = mine;
    const others = Array.from({ length: 20 }, (_, i) => ({ id: String(i), changed: '', document }));
    others[7] = { ...others[7]!, document: newDocument('', TEXT) };
    const inStorage = storing(others);
    const losses = new Losses(findings);
    losses.openText('mine.csv', TEXT);
    losses.keep();
    expect(inStorage()).toHaveLength(20);
    expect(inStorage()[0]!.document.name).toBe('mine.csv');
    expect(inStorage().some(({ id }) => id === '7')).toBe(false);
  });

  it('is what both of two pages changed: who comes second goes beside the first, with its seals', async () => {
    const inStorage = storing();
    const here = await opened(TEXT);
    here.keep();
    vi.resetModules();
    const { Losses: TheirLosses } = await import('../../../src/ui/state/losses.svelte.ts');
    const there = new TheirLosses(findings);
    there.openLatest();
    expect(there.document).toEqual(here.document);
    here.seal(here.scene.targets[0]!);
    here.keep();
    there.change({ name: 'theirs' });
    there.keep();
    expect(inStorage().map(({ document }) => [document.name, document.sealed.length])).toEqual([
      ['theirs', 0],
      ['mine.csv', 1],
    ]);
    // From then on each goes by an id of its own, and what is kept already is not kept again.
    there.change({ name: 'theirs again' });
    there.keep();
    here.keep();
    here.change({ name: 'mine again' });
    here.keep();
    expect(inStorage().map(({ document }) => document.name)).toEqual(['mine again', 'theirs again']);
    expect(there.earlier.map(({ document }) => document.name)).toEqual(['mine.csv']);
  });

  it('is said where it is not kept: what could not be read again, and where storage refuses', () => {
    const inStorage = storing();
    const losses = new Losses(findings);
    losses.openText('mine.csv', TEXT);
    losses.editText(`${TEXT}# ${'x'.repeat(5_000_000)}`);
    losses.keep();
    expect(losses.unkept).toMatch(/^This table is not kept in this browser: .*must have at most 5000000 characters/);
    expect(inStorage()).toEqual([]);
    storing([], () => {
      throw new Error('full');
    });
    losses.editText(TEXT);
    losses.keep();
    expect(losses.unkept).toMatch(/storage is blocked or full/);
  });
});

describe('another table in place of the first', () => {
  afterEach(() => vi.unstubAllGlobals());
  const OTHER = 'width;loss\n10;4\n20;3,5\n40;3,2\n';

  it('is a new document, and the earlier one stays kept', async () => {
    const stored = new Map<string, string>();
    const storage = { getItem: (key: string) => stored.get(key) ?? null, setItem: stored.set.bind(stored) };
    vi.stubGlobal('localStorage', storage);
    const losses = await opened(TEXT, { targets: [256], first: 4 });
    losses.seal(losses.scene.targets.at(-1)!);
    const { document } = losses;
    losses.editText(OTHER);
    expect(losses.document).toEqual(newDocument('', OTHER));
    expect(losses.title).toBe('Your table');
    losses.keep();
    expect(losses.unkept).toBe('');
    expect(keptTables().map((one) => one.document)).toEqual([newDocument('', OTHER), document]);
    expect(losses.earlier.map((one) => one.document)).toEqual([document]);
    losses.openEarlier(losses.earlier[0]!.id);
    expect(losses.document).toEqual(document);
    expect(losses.earlier.map((one) => one.document)).toEqual([newDocument('', OTHER)]);
  });

  it('is none while a row stays, or while the only row is typed', async () => {
    const losses = await opened(TEXT, { targets: [256] });
    losses.editText(OTHER + TEXT.split('\n')[2]);
    expect(losses.document).toMatchObject({ name: 'mine.csv', targets: [256] });
    losses.editText('');
    expect(losses.document).toEqual(newDocument('', ''));
    losses.change({ targets: [256] });
    for (const text of ['w', 'width;loss', 'width;loss\n1', 'width;loss\n16;4', '16;4', '32;4', '32;4\n64;3']) {
      losses.editText(text);
      expect(losses.document.targets).toEqual([256]);
    }
    losses.editText('16;4\n8;5');
    expect(losses.document.targets).toEqual([]);
  });

  it('a published one that was changed says so', () => {
    const losses = new Losses(findings);
    expect(losses.title).toBe(MU_SCALING.name);
    losses.editText(`${MU_SCALING.text}4096,2600,\n`);
    expect(losses.title).toBe(`${MU_SCALING.name}, changed`);
    expect(losses.document.first).toBe(MU_SCALING.first);
  });
});

describe('what is handed on', () => {
  it('a link holds any table as it was', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'grapheme' }), fc.string({ maxLength: 50 }), (text, name) => {
        const document = { ...newDocument(name, text), first: 5, targets: [1e6] };
        expect(lossesFromHash(`#${lossesHash(document)}`)).toEqual(document);
      }),
      { numRuns: 50 },
    );
    expect(lossesHash(newDocument('long', 'x'.repeat(60_000)))).toBeNull();
    expect(lossesFromHash('#v=1&experiment=abc')).toBeNull();
    expect(() => lossesFromHash('#v=1&losses=%%%')).toThrow(/The link is damaged/);
  });

  it('a link with an x twice opens with it once, and a column of two roles is told in words of the page', async () => {
    const losses = new Losses(findings);
    const twice = { ...newDocument('mine', TEXT), targets: [128, 64, 64], columns: { x: 0, y: 0 } };
    losses.follow(`#${lossesHash(twice)!}`);
    expect(losses.document.targets).toEqual([128, 64]);
    await read(losses);
    expect(losses.reading.problem!.message).toBe('Column "width" is already x and cannot be the loss too.');
  });

  it('a fit.json opens as the same table with the same law and seals', async () => {
    const losses = await opened(TEXT);
    losses.seal(losses.scene.targets[0]!);
    const again = new Losses(findings);
    again.open(openFitFile(JSON.stringify(fitFileOf(losses)), 'fit.json'));
    await answered(again);
    expect(again.report!.leastSquares).toEqual(losses.report!.leastSquares);
    expect(again.document.sealed).toEqual(losses.document.sealed);
    expect(() => openFitFile('no', 'a.json')).toThrow('a.json is not JSON');
    expect(() => openFitFile('{}', 'a.json')).toThrow(/^a\.json cannot be used: /);
  });
});
