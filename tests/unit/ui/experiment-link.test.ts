import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../../src/model/experiment.ts';
import { presetExperiment, presets } from '../../../src/model/presets.ts';
import { experimentFromHash, linkHash } from '../../../src/ui/link/experiment-link.ts';

const pack = (json: string) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(json)))
    .replaceAll('+', '-')
    .replaceAll('/', '_');

describe('the experiment in the address', () => {
  it.each(presets.map((preset) => preset.id))('comes back as it went: %s', (id) => {
    const experiment = presetExperiment(id);
    expect(experimentFromHash(`#${linkHash(experiment)}`)).toEqual(experiment);
  });

  it('carries any name and any seeds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((name) => name.trim().length > 0),
        fc.uniqueArray(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 1, maxLength: 6 }),
        (name, seeds) => {
          const experiment = parseExperiment({ ...presetExperiment('smoke'), name, seeds });
          expect(experimentFromHash(linkHash(experiment))).toEqual(experiment);
        },
      ),
    );
  });

  it('is no experiment when there is none', () => {
    expect(experimentFromHash('')).toBeNull();
    expect(experimentFromHash('#somewhere')).toBeNull();
  });

  it('never carries the content of a text', () => {
    const smoke = presetExperiment('smoke');
    smoke.recipes[0].corpus = {
      kind: 'text',
      file: 'diary.txt',
      heldOut: 0.1,
      tokenizer: 'characters',
      characters: 256,
    };
    const linked = experimentFromHash(linkHash(smoke))!;
    expect(linked.recipes[0].corpus).toEqual({
      kind: 'text',
      file: 'diary.txt',
      heldOut: 0.1,
      tokenizer: 'characters',
      characters: 256,
    });
  });

  it.each([
    ['#v=2&experiment=e30', /version 2.*version 1/],
    ['#experiment=e30', /version none/],
    ['#v=1&experiment=%%%', /damaged/],
    [`#v=1&experiment=${pack('{"name":')}`, /damaged/],
    [`#v=1&experiment=${'A'.repeat(40_000)}`, /longer than 32768/],
    [`#v=1&experiment=${pack('{"name":"x"}')}`, /recipes is missing/],
    [`#v=1&experiment=${pack('{"steps":9}')}`, /cannot be run/],
  ])('says in one sentence what is wrong with %s', (hash, sentence) => {
    expect(() => experimentFromHash(hash)).toThrow(sentence);
  });

  it('refuses keys that reach prototypes, wherever they stand', () => {
    const smoke = JSON.stringify(presetExperiment('smoke'));
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      for (const json of [
        smoke.replace('{', `{"${key}":{"polluted":1},`),
        smoke.replace('"optimizer":{', `"optimizer":{"${key}":{},`),
      ]) {
        expect(() => experimentFromHash(`#v=1&experiment=${pack(json)}`)).toThrow(/damaged/);
      }
    }
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
