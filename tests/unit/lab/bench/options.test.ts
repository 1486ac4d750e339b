import { describe, expect, test } from 'vitest';
import { isOfThePage, readBenchOptions, SECTION_NAMES } from '../../../../lab/bench/options.ts';

const refusal = (...args: string[]) => {
  try {
    readBenchOptions(args);
  } catch (error) {
    return (error as Error).message;
  }
  return null;
};

describe('the options of the bench', () => {
  test('nothing asked for is everything, in a browser', () => {
    const options = readBenchOptions([]);
    expect(options).toMatchObject({ runtime: 'browser', quick: false, out: undefined });
    expect(options.sections).toEqual(SECTION_NAMES);
  });

  test('sections come in their own order, each once', () => {
    expect(readBenchOptions(['--only', 'refit, first-step,refit']).sections).toEqual(['first-step', 'refit']);
  });

  test('in Node there is no page to measure', () => {
    const { sections } = readBenchOptions(['--runtime', 'node']);
    expect(sections).toEqual(SECTION_NAMES.filter((name) => !isOfThePage(name)));
    expect(sections.length).toBe(SECTION_NAMES.length - 5);
    expect(refusal('--runtime', 'node', '--only', 'refit,first-load')).toMatch(
      /^--only: "first-load" measures the page, and --runtime node has none; choose from first-step, .*refit\.$/,
    );
    expect(refusal('--runtime', 'node', '--browser', 'x')).toMatch(/^--browser names a browser/);
  });

  test('what is not understood is refused in one sentence that says what is', () => {
    expect(refusal('--only', 'speed')).toBe(`--only: "speed" is no section; choose from ${SECTION_NAMES.join(', ')}.`);
    expect(refusal('--only', '')).toMatch(/^--only: "" is no section/);
    expect(refusal('--runtime', 'deno')).toBe('--runtime must be browser or node, not "deno".');
    expect(refusal('--fast')).toMatch(/^Unknown option --fast; usage: npm run bench/);
    expect(refusal('steps')).toMatch(/^"steps" is not understood; usage: npm run bench/);
  });
});
