/** The page's state in one place: a study for each view, and the services, texts and training that they share. */
import { createContext } from 'svelte';
import { InputError } from '../../model/parse.ts';
import { MissingPart } from '../../model/missing-part.ts';
import { CHECK_KINDS, type CheckKind } from '../../model/study.ts';
import type { EngineDescription, Texts } from '../../experiment/protocol.ts';
import { CheckStudy } from './check-study.svelte.ts';
import { CompareStudy } from './compare-study.svelte.ts';
import type { GivenFile } from './file-bytes.ts';
import { Findings } from './findings.svelte.ts';
import type { Losses } from './losses.svelte.ts';
import { onceIdle } from './idle.ts';
import { parts } from './parts.svelte.ts';
import { PredictionStudy } from './prediction.svelte.ts';
import type { ResultsData } from './results-data.ts';
import type { Origin } from './results.svelte.ts';
import type { Services } from './services.ts';
import { MachineSpeed } from './speed.svelte.ts';
import type { StudyState, Workbench } from './study.svelte.ts';
import { Training } from './training.svelte.ts';
import { hasStudy, type ViewName } from './view-words.ts';

type TakeFiles = (files: readonly GivenFile[]) => void;

export class Playground implements Workbench {
  readonly services: Services;
  readonly findings: Findings;
  readonly training = new Training();
  readonly studies: { prediction: PredictionStudy; compare: CompareStudy } & Record<CheckKind, CheckStudy>;

  view = $state<ViewName>('prediction');
  /** What the view of losses from elsewhere works on, once it was opened. */
  losses = $state.raw<Losses | null>(null);
  texts = $state.raw<Texts>({});
  /** Something to say that no control is to blame for, e.g. about a link. */
  notice = $state('');
  engine = $state.raw<EngineDescription | null>(null);
  engineWish = $state.raw<Workbench['engineWish']>(null);
  takenEngine = $state.raw<Workbench['takenEngine']>(null);
  readonly speed = new MachineSpeed();
  cpuRefusal = $state.raw<Workbench['cpuRefusal']>(null);
  /** Why the services could not start; nothing can be trained then. */
  engineFault = $state('');
  /** The same for the head of the page; empty also where a part is missing, which the page says once for all parts. */
  engineNotice = $state('');

  /** What takes dropped files, by each field of the view that does. */
  #takers: TakeFiles[] = [];

  /** @param search of the page's address. */
  constructor(
    services: Services,
    private readonly search = '',
  ) {
    this.services = services;
    this.findings = new Findings((question) => services.ask(question));
    const checks = CHECK_KINDS.map((kind) => [kind, new CheckStudy(kind, this)] as const);
    this.studies = {
      prediction: new PredictionStudy(this),
      compare: new CompareStudy(this),
      ...(Object.fromEntries(checks) as Record<CheckKind, CheckStudy>),
    };
  }

  /** The study of the view that is open; null where that has none. */
  readonly study = $derived.by((): StudyState | null => (hasStudy(this.view) ? this.studies[this.view] : null));

  /** What trains the experiment of the view that is open. */
  readonly trainsOn = $derived.by((): EngineDescription | null => this.study?.engine ?? this.engine);

  /** The address of a view without a study. */
  hashOf(view: ViewName): string {
    return (view === 'losses' ? this.losses?.hash : null) ?? view;
  }

  show(kind: ViewName): void {
    this.view = kind;
  }

  /** Results that come from elsewhere, into the view they belong to; what is not believed of them is said. */
  load(data: ResultsData, texts: Texts, origin: Origin, doubt = ''): StudyState {
    this.texts = { ...this.texts, ...texts };
    const study = this.studies[data.experiment.study.kind];
    study.open(data, origin);
    if (doubt) this.notice = `${data.experiment.name}: ${doubt}`;
    return study;
  }

  /** The same, and shows that view. */
  open(data: ResultsData, texts: Texts, origin: Origin, doubt = ''): void {
    const study = this.load(data, texts, origin, doubt);
    study.isLinkedShown = false;
    this.show(study.kind);
  }

  /** A field takes files; to be run as an effect, and returns what ends it. */
  takeFiles(take: TakeFiles): () => void {
    this.#takers.push(take);
    return () => {
      this.#takers = this.#takers.filter((one) => one !== take);
    };
  }

  /** Files, and folders of them, dropped anywhere on the page. */
  async drop(files: readonly File[], folders: readonly FileSystemEntry[] = []): Promise<void> {
    this.notice = '';
    try {
      const { takeDropped } = await parts.load(() => import('./dropped.ts'));
      const said = await takeDropped(files, folders, this.#takers, this);
      // What is not believed of an opened result has been said meanwhile.
      this.notice = [this.notice, said].filter(Boolean).join(' ');
    } catch (error) {
      if (error instanceof MissingPart) return;
      this.notice = `${(files[0] ?? folders[0]!).name} could not be read: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  async findEngine(): Promise<void> {
    try {
      // Nothing waits for the rest: a preset for a slow machine comes with the engine.
      void this.takeEngine(await parts.heed(this.services.describe()));
    } catch (error) {
      this.engineFault =
        error instanceof InputError || error instanceof Error ? error.message : 'The training service did not start.';
      if (!(error instanceof MissingPart)) {
        this.engineNotice = `Training could not start on this page: ${this.engineFault} Load the page again to retry.`;
      }
    }
  }

  /** What trains from now on; resolves once it is known what would be too much for it. */
  async takeEngine(engine: EngineDescription): Promise<void> {
    for (const one of [engine, engine.beside]) if (one) this.speed.recall(one.adapter);
    this.engine = engine;
    // Without these rules the trainer still refuses, after the button was pressed, and the adapter trains.
    try {
      if (engine.beside) {
        // The first look does not wait for it.
        await new Promise<void>(onceIdle);
        (await parts.load(() => import('./engine-choice.ts'))).learnToChoose(this, this.search);
      } else if (engine.kind === 'reference')
        this.cpuRefusal = (await parts.load(() => import('../../experiment/cpu-refusal.ts'))).cpuRefusal;
    } catch {
      this.cpuRefusal = null;
    }
  }
}

export const [getPlayground, setPlayground] = createContext<Playground>();
