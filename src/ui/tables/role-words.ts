/** Roles of a table's columns as the page names and colours them. */
import type { LogarithmBase } from '../../tables/meanings.ts';
import type { Role } from '../../tables/roles.ts';

interface RoleWords {
  name: string;
  about: string;
  /** Which of the colours of the page it has. */
  tone: 'size' | 'loss' | 'series' | 'length' | 'sweep' | 'quiet';
}

export const ROLE_WORDS: Record<Role, RoleWords> = {
  x: { name: 'size', about: 'Width, parameters, FLOPs: what the law is over', tone: 'size' },
  y: { name: 'loss', about: 'What was measured', tone: 'loss' },
  series: { name: 'series', about: 'Each of its values is fitted on its own', tone: 'series' },
  sweep: { name: 'swept', about: 'A swept hyperparameter: the law takes the best of each size', tone: 'sweep' },
  tokens: { name: 'tokens', about: 'How long each row was trained: a law of both is fitted', tone: 'length' },
  step: { name: 'step', about: 'Rows are steps of trainings: the last loss of each is taken', tone: 'length' },
  seed: { name: 'seed', about: 'Tells repeats of one training apart', tone: 'quiet' },
  error: { name: 'standard error', about: 'Of each loss', tone: 'quiet' },
  seeds: { name: 'number of seeds', about: 'Runs whose mean the loss is', tone: 'quiet' },
  module: { name: 'module', about: 'Rows are activations of this part of a model', tone: 'series' },
  none: { name: 'left out', about: 'Counts for nothing', tone: 'quiet' },
};

/** Logarithms by their base. */
export const BASE_WORDS: Record<LogarithmBase, string> = { 10: 'to base 10', 2: 'to base 2', e: 'natural' };

export const ROLES_BY_USE = Object.keys(ROLE_WORDS) as Role[];
