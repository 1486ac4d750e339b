import { expect, test } from 'vitest';
import { LatestAnswer } from '../../../src/experiment/latest-answer.ts';

interface Waiting {
  answer: (reply: string) => void;
  refuse: (why: Error) => void;
}

/** A service that answers when the test says so, by question. */
function slowService() {
  const waiting = new Map<string, Waiting>();
  const told: string[] = [];
  const failed: string[] = [];
  const service = new LatestAnswer<string, string>(
    (question) => new Promise((answer, refuse) => waiting.set(question, { answer, refuse })),
    (reply) => told.push(reply),
    (why) => failed.push(why),
  );
  return { service, waiting, told, failed };
}

test('an answer that was overtaken is not told, in whatever order answers come', async () => {
  const { service, waiting, told } = slowService();
  const asked = [service.ask('one'), service.ask('two')];
  waiting.get('two')!.answer('of two');
  waiting.get('one')!.answer('of one');
  await Promise.all(asked);
  expect([told, service.latest]).toEqual([['of two'], 'of two']);
});

test('only the latest question can fail; a failed one leaves no answer behind', async () => {
  const { service, waiting, told, failed } = slowService();
  const first = service.ask('one');
  const second = service.ask('two');
  waiting.get('one')!.refuse(new Error('too late'));
  waiting.get('two')!.answer('of two');
  await Promise.all([first, second]);
  expect([told, failed]).toEqual([['of two'], []]);

  const third = service.ask('three');
  waiting.get('three')!.refuse(new Error('no law'));
  await third;
  expect([failed, service.latest]).toEqual([['no law'], null]);
});

test('whoever asks waits for the question that overtook theirs', async () => {
  const { service, waiting } = slowService();
  let isOver = false;
  const first = service.ask('one').then(() => (isOver = true));
  const second = service.ask('two');
  waiting.get('one')!.answer('of one');
  await new Promise((resolve) => setTimeout(resolve));
  expect(isOver).toBe(false);
  waiting.get('two')!.answer('of two');
  await Promise.all([first, second]);
  expect(isOver).toBe(true);
});

test('nothing is asked with null, and what was known before is gone', async () => {
  const { service, waiting, told } = slowService();
  const first = service.ask('one');
  waiting.get('one')!.answer('of one');
  await first;
  await service.ask(null);
  expect([told, service.latest]).toEqual([['of one'], null]);
});
