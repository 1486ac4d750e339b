/** The page on the fake event stream, for looking at its states without training: `?until=N` stops the stream after N events. */
import { mount } from 'svelte';
import App from '../../../src/ui/App.svelte';
import '../../../src/ui/style/base.css';
import { fakeEngine, fakeServices } from '../../unit/ui/fake-stream.ts';

const query = new URLSearchParams(location.search);
const engine = query.has('cpu') ? { ...fakeEngine, kind: 'reference' as const, reason: 'no adapter' } : fakeEngine;
const services = fakeServices(engine, 40, () => Number(query.get('until') ?? Infinity));
mount(App, { target: document.getElementById('app')!, props: { services } });
