/** What every command does alike: options, exit codes, and one sentence instead of a stack trace. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { InputError } from '../src/model/parse.ts';

export const EXIT = { ok: 0, failure: 1, badInput: 2 } as const;

/** Something went wrong that is not the input's fault; the message is for a person. */
export class Failure extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;

/** @throws InputError naming the option that is unknown or lacks its value. */
export function readOptions<O extends Options>(args: string[], options: O, usage: string) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const option = /'(?:-\w, )?(-[^' ]*)/.exec(message)?.[1] ?? 'option';
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      throw new InputError(option, `Unknown option ${option}; usage: ${usage}`);
    }
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
      const takesValue = options[option.replace(/^-+/, '')]?.type === 'string';
      throw new InputError(
        option,
        takesValue ? `${option} needs a value; usage: ${usage}` : `${option} takes no value.`,
      );
    }
    throw error;
  }
}

/** Runs a command to its exit code. Ends the process, because a browser or a server may still hold it. */
export async function runCommand(command: (args: string[]) => Promise<number>): Promise<never> {
  let code: number;
  try {
    code = await command(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    code = error instanceof InputError ? EXIT.badInput : EXIT.failure;
  }
  process.exit(code);
}

function sentenceOf(error: unknown): string {
  if (error instanceof InputError || error instanceof Failure) return error.message;
  const first = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  return process.env['DEBUG'] && error instanceof Error ? String(error.stack) : `Unexpected failure: ${first}`;
}
