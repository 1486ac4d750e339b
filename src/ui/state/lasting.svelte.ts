/**
 * Makes state that outlives the view that first asks for it. What is made inside a component belongs to it: its deriveds
 * freeze when the view is left, and still say the same when somebody comes back.
 */
export function lasting<T>(make: () => T): T {
  let made: T;
  $effect.root(() => {
    made = make();
  });
  return made!;
}
