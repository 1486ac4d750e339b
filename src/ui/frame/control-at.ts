/** Where on the page the control of a field stands that validation or a service found at fault. */
interface ControlPlace {
  /** Of the element. */
  id: string;
  /** Whether it stands among the folded settings. */
  isSetting: boolean;
  /** Whether it takes the focus; a group of chips is only brought into sight. */
  isFocused: boolean;
}

/** @param edited indices of the recipes that share their controls, which are those of the first. */
export function controlAt(field: string, edited: readonly number[]): ControlPlace {
  if (field.startsWith('ladder')) return { id: 'field-ladder', isSetting: false, isFocused: false };
  if (field.startsWith('study.depths')) return { id: 'field-study.depths', isSetting: false, isFocused: false };
  const sweep = /^study\.sweep(s\[\d+\])?/.exec(field);
  if (sweep) return { id: `field-${sweep[0]}`, isSetting: false, isFocused: true };
  if (field.startsWith('study')) return { id: 'field-study', isSetting: false, isFocused: false };
  if (field.startsWith('seeds')) return { id: 'field-seeds', isSetting: false, isFocused: true };
  const inRecipe = /^recipes\[(\d+)\]\.(.*)$/.exec(field);
  if (!inRecipe) return { id: `field-${field}`, isSetting: false, isFocused: true };
  const index = edited.includes(Number(inRecipe[1])) ? edited[0] : inRecipe[1];
  return {
    id: `field-recipes[${index}].${inRecipe[2]}`,
    isSetting: !field.endsWith('corpus.file'),
    isFocused: true,
  };
}
