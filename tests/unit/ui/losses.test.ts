import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MU_SCALING } from '../../../src/data/mu-scaling.ts';
import { fitFileOf, openFitFile } from '../../../src/ui/losses/fit-export.ts';
import { lossesHeadline } from '../../../src/ui/losses/headline.ts';
import { lossesFromHash, lossesHash } from '../../../src/ui/link/losses-link.ts';
import { newDocument, parseLossDocument, type LossDocument } from '../../../src/ui/state/loss-document.ts';
import { Losses } from '../../../src/ui/state/losses.svelte.ts';
import { LawFitter } from '../../../src/workers/fitter-service.ts';

const services = new LawFitter();
const law = (x: number) => 2 + 5 * x ** -0.6;
const TEXT = `width;loss\n${[16, 24, 32, 48, 64].map((x) => `${x};${law(x).toFixed(5).replace('.', ',')}`).join('\n')}\n128;\n`;

/** With the answers that the page would wait for. */
async function opened(text: string, change: Partial<LossDocument> = {}): Promise<Losses> {
  const losses = new Losses(services);
  losses.openText('mine.csv', text);
  losses.change(change);
  await answered(losses);
  return losses;
}

async function answered(losses: Losses): Promise<void> {
  await losses.law.follow(losses.request);
  await losses.joint.follow(losses.jointRequest);
}

describe('a table', () => {
  it('begins as the published one, fitted as its authors did, with the rest held back', async () => {
    const losses = new Losses(services);
    await answered(losses);
    const { a, b, c } = losses.law.reply!.leastSquares!;
    expect([a, b, c].map((value) => Number(value.toFixed(6)))).toEqual(Object.values(MU_SCALING.authors));
    expect(losses.scene.targets.map(({ x, known }) => [x, known])).toEqual([
      [194.24, 3.1797],
      [676.48, 3.0854],
      [1446.72, 3.0425],
    ]);
    expect(losses.isPreset).toBe(true);
    expect(lossesHeadline(losses.scene, losses.law.reply).lead).toBe('At x = 1446.72 the loss was predicted to be ');
    losses.openPreset('width');
    await answered(losses);
    expect(losses.law.reply!.leastSquares!.b).toBeCloseTo(0.45856, 5);
  });

  it('with semicolons and decimal commas is read, and a bad cell is told with its row, the text kept', async () => {
    const losses = await opened(TEXT);
    expect(losses.reading.problem).toBeNull();
    expect(losses.scene.rungs).toHaveLength(5);
    expect(losses.law.reply!.predictions[0]!.loss).toBeCloseTo(law(128), 2);
    const bad = TEXT.replace('\n24;', '\n24x;');
    losses.change({ text: bad });
    expect(losses.reading.problem!.message).toBe('Row 3, column "width": must be a finite number above 0, not "24x".');
    expect(losses.document.text).toBe(bad);
    expect(losses.request).toBeNull();
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
    losses.chooseColumn('tokens', 1);
    await answered(losses);
    expect(losses.isJoint).toBe(true);
    expect(losses.joint.reply!.leastSquares!.E).toBeCloseTo(2, 6);
    expect(fitFileOf(losses).fits[0]!.status).toBe('joint');
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
    changed.sealed[0]!.points[0]!.loss += 1e-9;
    expect(() => parseLossDocument(changed)).toThrow(/sealed\[0\]\.inputsHash: the seal of x = 128/);
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

  it('a fit.json opens as the same table with the same law and seals', async () => {
    const losses = await opened(TEXT);
    losses.seal(losses.scene.targets[0]!);
    const again = new Losses(services);
    again.open(openFitFile(JSON.stringify(fitFileOf(losses)), 'fit.json'));
    await answered(again);
    expect(again.law.reply!.leastSquares).toEqual(losses.law.reply!.leastSquares);
    expect(again.document.sealed).toEqual(losses.document.sealed);
    expect(() => openFitFile('no', 'a.json')).toThrow('a.json is not JSON');
    expect(() => openFitFile('{}', 'a.json')).toThrow(/^a\.json cannot be used: /);
  });
});
