/** The part of a run's id that stands for its recipe. Recipes of one experiment must not share it: `parseExperiment` sees to that. */
export function recipeSlug(name: string): string {
  const plain = name.toLowerCase().normalize('NFKD').replaceAll('μ', 'mu');
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'recipe';
}
