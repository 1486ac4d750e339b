/** Seconds of a core that byte-pair encoding takes: `npx tsx lab/tokenizer/speed.ts`, of a text of words that were made up, or of the file that it is given. */
import { readFileSync } from 'node:fs';
import { bpeOf } from '../../src/data/text/bpe.ts';
import { trainMerges } from '../../src/data/text/bpe-training.ts';
import { aliasTables } from '../../src/data/alias.ts';
import { randomStream } from '../../src/model/random.ts';

/** As many different words as prose of a hundred megabytes has, as frequent as words are. */
const WORDS = 200_000;

function madeUp(bytes: number): Uint8Array {
  const random = randomStream(1, 'made-up words');
  const syllables = Array.from({ length: 2000 }, () => {
    const letters = Array.from(
      { length: 1 + random.below(3) },
      () => 'etaoinshrdlucmfwypvbgkjqxz'[random.below(5 + random.below(22))],
    );
    return letters.join('');
  });
  const words = Array.from({ length: WORDS }, (_, rank) =>
    Array.from({ length: 1 + random.below(rank < 1000 ? 2 : 5) }, () => syllables[random.below(2000)]).join(''),
  );
  const weights = Float64Array.from(words, (_, rank) => 1 / (rank + 1));
  const sum = weights.reduce((a, b) => a + b, 0);
  const { threshold, alias } = aliasTables(
    weights.map((weight) => weight / sum),
    1,
    WORDS,
  );
  const text = new Uint8Array(bytes);
  const utf8 = new TextEncoder();
  for (let end = 0; end < bytes;) {
    const column = random.below(WORDS);
    const word = words[random.uniform() < threshold[column] ? column : alias[column]];
    end += utf8.encodeInto(`${word}${random.below(12) === 0 ? '.\n' : ' '}`, text.subarray(end)).read || 1;
  }
  return text;
}

function timed<T>(act: () => T): { seconds: string; made: T } {
  const begun = process.cpuUsage();
  const made = act();
  const { user, system } = process.cpuUsage(begun);
  return { seconds: ((user + system) / 1e6).toFixed(1), made };
}

const [file] = process.argv.slice(2);
const texts = file ? [new Uint8Array(readFileSync(file))] : [madeUp(10e6), madeUp(100e6)];
console.log('| text | vocabulary | training | encoding | bytes per token |\n| --- | --- | --- | --- | --- |');
for (const text of texts) {
  for (const vocabulary of [1024, 4096]) {
    const training = timed(() => trainMerges(text, vocabulary - 256));
    const encoding = timed(() => bpeOf(training.made).encode(text));
    const megabytes = Math.round(text.length / 1e6);
    const ratio = (text.length / encoding.made.length).toFixed(2);
    console.log(`| ${megabytes} MB | ${vocabulary} | ${training.seconds} s | ${encoding.seconds} s | ${ratio} |`);
  }
}
