/** Colours along a scale, for each theme: lightness falls steadily, so that they keep their order for every eye and in print. */
import { scaleLinear } from 'd3-scale';

const SIZES = {
  light: ['#a8872a', '#5f9440', '#2b8a66', '#1c7a86', '#2a6296', '#3b4790'],
  dark: ['#e8d98a', '#b1d98c', '#74cfa0', '#54b9b7', '#6aa5d6', '#97a4ec'],
};

/** Colours of lines from the smallest (0) to the largest (1). */
export const sizeRamp = (isDark: boolean) => through(isDark ? SIZES.dark : SIZES.light);

/** One hue, away from the ground: what comes later stands out more. */
const STEPS = {
  light: ['#84c3c0', '#3f9aa5', '#236f8c', '#1d4a6e', '#1b2d4f'],
  dark: ['#2f6672', '#3f8f96', '#66b6ae', '#9cd7c3', '#dcf3df'],
};

/** Colours of lines from the first step (0) to the last (1). */
export const stepRamp = (isDark: boolean) => through(isDark ? STEPS.dark : STEPS.light);

function through(colors: string[]): (share: number) => string {
  const stops = colors.map((_, i) => i / (colors.length - 1));
  const channels = [1, 3, 5].map((at) =>
    scaleLinear<number>()
      .domain(stops)
      .range(colors.map((color) => parseInt(color.slice(at, at + 2), 16)))
      .clamp(true),
  );
  return (share) => `rgb(${channels.map((channel) => Math.round(channel(share))).join(', ')})`;
}

const HEAT = {
  light: ['#0d3b66', '#1c6390', '#3d8aa9', '#70aebb', '#a6cdc9', '#d6e6d9', '#f3efe0'],
  dark: ['#fdf5c4', '#cbe3a8', '#8dc9a0', '#57a9a0', '#3a8298', '#2c5b7c', '#27384c'],
};

/** Colours of a map from the best (0), which stands out most from the ground, to the worst (1). */
export const heatRamp = (isDark: boolean) => through(isDark ? HEAT.dark : HEAT.light);
