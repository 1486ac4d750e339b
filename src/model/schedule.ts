/** The learning rate at each step, in units of its peak. The engine's kernel computes the same formula. */
import type { Schedule } from './recipe.ts';

/**
 * Factor on the peak learning rate at `step` (0-based) of `steps`.
 * Warm-up is linear, (step+1)/warmup. WSD falls linearly over its last steps and ends one notch above zero, so that
 * no step is wasted; cosine falls from 1 towards `final`.
 */
export function scheduleFactor(schedule: Schedule, step: number, steps: number): number {
  const warm = schedule.warmup > 0 ? Math.min(1, (step + 1) / schedule.warmup) : 1;
  switch (schedule.kind) {
    case 'constant':
      return warm;
    case 'cosine': {
      const progress = Math.max(0, step - schedule.warmup) / Math.max(1, steps - schedule.warmup);
      return warm * (schedule.final + (1 - schedule.final) * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
    case 'wsd': {
      const decaySteps = Math.max(1, Math.round(schedule.decay * steps));
      return warm * Math.min(1, (steps - step) / decaySteps);
    }
  }
}
