/**
 * Numbers that the host writes and kernels read, by name: one description gives both the struct's declaration in WGSL and its words
 * in a buffer, so that neither the order nor the type of a number can differ between the two.
 */

/** Types of the numbers, by their names. */
type Scalars<Name extends string> = Readonly<Record<Name, 'u32' | 'f32'>>;
export type Row<Name extends string> = Readonly<Record<Name, number>>;

export class Struct<const Name extends string> {
  /** The struct as WGSL. */
  readonly declaration: string;
  private readonly names: Name[];

  constructor(
    private readonly label: string,
    private readonly scalars: Scalars<Name>,
  ) {
    this.names = Object.keys(scalars) as Name[];
    this.declaration = `struct ${label} { ${this.names.map((name) => `${name}: ${scalars[name]}`).join(', ')} }\n`;
  }

  /** Number of 32-bit words of a row. */
  get size(): number {
    return this.names.length;
  }

  /** Where a name stands, for a kernel that takes it by its number. */
  indexOf(name: Name): number {
    return this.names.indexOf(name);
  }

  /** @throws Error where a name is missing or none of the struct's, or a number is no u32 and shall be one. */
  words(...rows: Row<NoInfer<Name>>[]): Uint32Array<ArrayBuffer> {
    const { names, scalars, size } = this;
    const words = new Uint32Array(rows.length * size);
    const floats = new Float32Array(words.buffer);
    rows.forEach((row, r) => {
      if (Object.keys(row).length !== size) this.refuse(`has other names: ${Object.keys(row).join(', ')}`);
      names.forEach((name, i) => {
        const value = row[name];
        if (value === undefined) this.refuse(`has no ${name}`);
        if (scalars[name] === 'f32') floats[r * size + i] = value;
        else if (value === value >>> 0) words[r * size + i] = value;
        else this.refuse(`has ${name} = ${value}, which is no whole number of 32 bits`);
      });
    });
    return words;
  }

  /** Rows as a kernel left them. */
  rows(words: Uint32Array): Row<Name>[] {
    const { names, scalars, size } = this;
    const floats = new Float32Array(words.buffer, words.byteOffset, words.length);
    return Array.from(
      { length: words.length / size },
      (_, r) =>
        Object.fromEntries(
          names.map((name, i) => [name, (scalars[name] === 'f32' ? floats : words)[r * size + i]]),
        ) as Row<Name>,
    );
  }

  private refuse(why: string): never {
    throw new Error(`a row of a kernel's ${this.label} ${why}`);
  }
}
