/** Starts the page: the services in their workers, and the app on top of them. */
import { mount } from 'svelte';
import { startWorkers } from '../workers/clients.ts';
import App from './App.svelte';
import { parts } from './state/parts.svelte.ts';
import type { Services } from './state/services.ts';
import './style/base.css';

const { trainer, ask, haveSpares } = startWorkers();

const services: Services = {
  describe: () => trainer.describe(),
  useCpu: () => trainer.useCpu(),
  kernels: () => trainer.kernels(),
  prepare: (...asked) => trainer.prepare(...asked),
  learnt: (question) => trainer.learnt(question),
  stepLeft: (...left) => trainer.stepLeft(...left),
  discardLeft: (...left) => trainer.discardLeft(...left),
  ask,
  haveSpares,
  conduct(options, listener) {
    // The first look at the page needs no conductor.
    const conducting = parts
      .load(() => import('../experiment/conductor.ts'))
      .then(({ Conductor }) => new Conductor(trainer, ask, options, listener));
    return {
      start: async () => (await conducting).run(),
      pause: async () => (await conducting).pause(),
      resume: async () => (await conducting).resume(),
      cancel: async () => (await conducting).cancel(),
      exclude: async (excluded) => (await conducting).setExcluded(excluded),
      changeLadder: async (ladder) => (await conducting).setLadder(ladder),
    };
  },
};

mount(App, { target: document.getElementById('app')!, props: { services } });
