/** The sections that need a device, by name: what the page and Node run. */
import { cohorts } from './cohorts.ts';
import { cost } from './cost.ts';
import type { Sections } from './figures.ts';
import { firstStep } from './first-step.ts';
import { idle } from './idle.ts';
import { kernels } from './kernels.ts';
import { launches } from './launches.ts';
import { matmul } from './matmul.ts';
import type { Section } from './section.ts';
import { steps } from './step-time.ts';

export const DEVICE_SECTIONS = {
  'first-step': firstStep,
  steps,
  cohorts,
  matmul,
  launches,
  kernels,
  cost,
  idle,
} satisfies { [Name in keyof Sections]?: Section<Sections[Name]> };

export type MeasuredSectionName = keyof typeof DEVICE_SECTIONS;
