/** Reading and writing one value of an experiment by the path that validation uses: `recipes[0].optimizer.beta1`. */

type Node = Record<string, unknown>;

const keysOf = (path: string): string[] => path.split(/[.[\]]+/).filter(Boolean);

export function readPath(root: object, path: string): unknown {
  return keysOf(path).reduce<unknown>((node, key) => (node as Node | undefined)?.[key], root);
}

export function writePath(root: object, path: string, value: unknown): void {
  const keys = keysOf(path);
  const last = keys.pop()!;
  const parent = keys.reduce<unknown>((node, key) => (node as Node)[key], root) as Node;
  parent[last] = value;
}
