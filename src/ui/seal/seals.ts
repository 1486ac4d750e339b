/** Everything that the dialog of seals shows, of an experiment and of a table alike. */
import { unmatched } from '../../experiment/verify/seal-statements.ts';
import type { Standing, Statement } from '../../experiment/verify/statement.ts';
import { tableSealTitle, verifyTable, type SealedTable } from '../../experiment/verify/verify-table.ts';
import { publicationOf, tablePublicationOf } from '../../experiment/verify/publication.ts';
import { sealTitle, verify } from '../../experiment/verify/verify.ts';
import type { Ask } from '../../analysis/ask.ts';
import type { ExperimentResult } from '../../model/result.ts';

export interface FoundSeal {
  title: string;
  loss: number;
  lo: number;
  hi: number;
  isMeasured: boolean;
  /** What does not hold comes first. */
  statements: Statement[];
}

export interface FoundSeals {
  seals: FoundSeal[];
  /** Of the whole. */
  rest: Statement[];
  /** How many claims stand how. */
  counts: Readonly<Record<Standing, number>>;
  /** Whether one of the published hashes is none of theirs. */
  isStrange: boolean;
  /** To be published. */
  text: string;
}

interface AnySeal {
  loss: number;
  lo: number;
  hi: number;
  actual: number | null;
  sealedAt: string;
  inputsHash: string;
  sealHash?: string;
}

export async function sealsOfResult(
  result: ExperimentResult,
  ask: Ask,
  published: readonly string[],
): Promise<FoundSeals> {
  const statements = await verify(result, ask, published);
  return found(result.sealed, sealTitle, statements, published, publicationOf(result, result.app));
}

export async function sealsOfTable(
  table: SealedTable,
  name: string,
  app: ExperimentResult['app'],
  ask: Ask,
  published: readonly string[],
): Promise<FoundSeals> {
  const { sealed = [] } = table;
  const statements = await verifyTable(table, ask, published);
  return found(sealed, tableSealTitle, statements, published, tablePublicationOf(sealed, name, app));
}

function found<S extends AnySeal>(
  sealed: readonly S[],
  titleOf: (seal: S) => string,
  statements: readonly Statement[],
  published: readonly string[],
  text: string,
): FoundSeals {
  const count = (standing: Standing) => statements.filter((one) => one.standing === standing).length;
  return {
    seals: sealed.map((seal) => {
      const title = titleOf(seal);
      const own = statements.filter((one) => one.seal === title);
      return { ...seal, title, isMeasured: seal.actual !== null, statements: worstFirst(own) };
    }),
    rest: worstFirst(statements.filter(({ seal }) => seal === null)),
    counts: {
      holds: count('holds'),
      'does not hold': count('does not hold'),
      'cannot be known': count('cannot be known'),
    },
    isStrange: unmatched(sealed, published).length > 0,
    text,
  };
}

const ORDER: readonly Standing[] = ['does not hold', 'holds', 'cannot be known'];

const worstFirst = (statements: readonly Statement[]): Statement[] =>
  ORDER.flatMap((standing) => statements.filter((one) => one.standing === standing));

/** The hashes in what was pasted, as they stand in a text that was published, each once. */
export const hashesIn = (pasted: string): string[] => [...new Set(pasted.toLowerCase().match(/\b[0-9a-f]{64}\b/g))];
