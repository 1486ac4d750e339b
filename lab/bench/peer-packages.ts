/** The libraries of the peers lie in lab/bench/node_modules, where only `steps` needs them. */
import { hasPackages, installPackages } from '../own-packages.ts';
import peers from './package.json' with { type: 'json' };

const FOLDER = 'lab/bench';

/** @throws Failure where they are missing and cannot be had. */
export const installPeers = (): void =>
  installPackages(FOLDER, 'The libraries that section "steps" measures beside ours');

/** Whom no bundler of the tests is to look for. */
export const missingPeers = (): string[] => (hasPackages(FOLDER) ? [] : Object.keys(peers.devDependencies));

/** What a build of the bench does not look into: the peers where their libraries are missing, for nobody loads them then. */
export const unbuiltPeers = (): RegExp[] => (hasPackages(FOLDER) ? [] : [/lab\/bench\/peers\//]);
