import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nextFrame } from '../../../src/ui/state/frames.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('what is to be drawn is drawn no sooner than a tenth of a second later, also once no file stands in for the screen', () => {
  vi.unstubAllGlobals();
  const draw = vi.fn();
  nextFrame(draw);
  vi.advanceTimersByTime(99);
  expect(draw).not.toHaveBeenCalled();
  vi.advanceTimersByTime(101);
  expect(draw).toHaveBeenCalledOnce();
});
