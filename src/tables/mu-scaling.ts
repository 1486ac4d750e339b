/** The published table that the page shows first where losses come from elsewhere, with the fit that its authors give. */

/** Yao & Wang 2023 (arXiv 2304.06875), repository cofe-ai/Mu-scaling: GPT-2 of 12 layers under muP, loss after 20,000 steps. */
export const MU_SCALING = {
  name: 'The paper’s own table',
  source: 'Yao & Wang, Research without Re-search (arXiv 2304.06875), figures of cofe-ai/Mu-scaling',
  about: 'GPT-2 with 12 layers under μP, loss after 20,000 steps; x is all parameters / 2^20 or the width.',
  /** Places of the columns. */
  columns: { width: 0, parameters: 1 },
  /** The authors fit the seven smallest. */
  first: 7,
  /** Their law L = c + a·x^-b over all parameters / 2^20. */
  authors: { a: 2.469431, b: 0.423108, c: 2.923299 },
  text: `width,parameters / 2^20,loss
128,8.53,3.9181
256,21.56,3.6054
384,39.09,3.4431
512,61.12,3.3542
640,87.65,3.2902
768,118.68,3.2478
896,154.21,3.2240
1024,194.24,3.1797
2048,676.48,3.0854
3072,1446.72,3.0425
`,
} as const;
