/** Presets whose trained results come with the page, in public/recorded: what is shown before anything was trained. */
export const RECORDED = ['first-light', 'compare-smoke', 'transfer-smoke', 'coordinates-smoke', 'basin-smoke'] as const;

export type RecordedName = (typeof RECORDED)[number];
