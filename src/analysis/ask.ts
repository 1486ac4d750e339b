/** Asking the analyst, wherever it is: each question is answered once, whoever asks it again. */
import type { Finding, Kind, Question } from './analyse.ts';

/** @throws as `analyse`, and when the analyst is gone. */
export type Ask = <K extends Kind>(question: Question<K>) => Promise<Finding<K>>;

/** Characters of questions that are remembered, each counted with an answer of usual length; the oldest are forgotten. */
const MOST = 4_000_000;
const USUAL_ANSWER = 20_000;

/** @returns an `ask` that knows what it was told before. What failed is asked again. */
export function remembering(ask: Ask, most = MOST): Ask {
  const answers = new Map<string, Promise<Finding>>();
  let size = 0;
  const forget = (key: string) => {
    if (answers.delete(key)) size -= key.length + USUAL_ANSWER;
  };
  return <K extends Kind>(question: Question<K>) => {
    const key = JSON.stringify(question);
    const known = answers.get(key) as Promise<Finding<K>> | undefined;
    if (known) return known;
    const answer = ask(question);
    answers.set(key, answer);
    size += key.length + USUAL_ANSWER;
    for (const oldest of answers.keys()) {
      if (size <= most || oldest === key) break;
      forget(oldest);
    }
    // Forgotten for its size and asked again, it is another answer by now.
    answer.catch(() => answers.get(key) === answer && forget(key));
    return answer;
  };
}
