/** Tables that people publish, each read as a person reads it, or asked about where a person would ask. */
import { expect, it } from 'vitest';
import { laddersIn } from '../../../src/tables/ladders.ts';
import { readTable, type Reading } from '../../../src/tables/reading.ts';
import { PUBLIC_TABLES } from './public-tables.ts';

function told(reading: Reading): string {
  const { kind, columns, questions, faults, activations } = reading;
  const roles = (['x', 'y', 'sweep', 'series', 'seed', 'step', 'module'] as const).flatMap((role) => {
    const names = columns.filter((one) => one.role === role).map(({ name }) => name);
    return names.length > 0 ? [`${role} ${names.join(' + ')}`] : [];
  });
  const [question] = questions;
  const [first] = activations;
  const ladders = question ? [] : laddersIn(reading).filter(({ points }) => points.length > 0);
  return [
    kind,
    ...roles,
    ...(question ? [`asks ${question.field}: ${question.answers[0]?.label}`] : []),
    ...(faults.length > 0 ? [`faults in rows ${faults.map(({ row }) => row).join(', ')}`] : []),
    ...(first
      ? [`${activations.length} activations, the first ${first.module} ${first.width} ${first.step} ${first.value}`]
      : []),
    ...ladders.map(({ name, points }) =>
      `${name ?? ''} ${points
        .slice(0, 3)
        .map(({ x, loss }) => `${x}: ${Number(loss.toFixed(4))}`)
        .join(', ')}`.trim(),
    ),
  ].join('; ');
}

it.each(PUBLIC_TABLES)('$of', ({ texts, told: right }) => expect(told(readTable(texts))).toBe(right));
