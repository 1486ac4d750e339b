/** Does what a component does while it is made, and leaves it again. */
export function insideView<T>(work: () => T): T {
  let outcome: T;
  const leave = $effect.root(() => {
    outcome = work();
  });
  leave();
  return outcome!;
}
