/** What a trained model makes of tokens: its forward pass alone, recorded for as many windows as are read at once. */
import { MULTIPLIERS, type OpContext } from './ops/context.ts';
import type { HeadPlace, ModelReader, TrainedModel } from '../model/training.ts';
import type { RecordingTarget } from './capacity.ts';
import type { DeviceWatch } from './device-errors.ts';
import { logitsOf } from './forward.ts';
import { crossEntropy } from './ops/cross-entropy.ts';
import { GradientSplits } from './ops/gradient-splits.ts';
import { rotationTable } from './ops/rotary.ts';
import { layOut, pack } from './parameters.ts';
import { Session } from './session.ts';
import { Tape, type Launch, type Slot, type View } from './tape.ts';

/** Logits that are held at once: 16 MiB. */
const MOST_LOGITS = 2 ** 22;

interface Reading {
  slots: Slot[];
  parameters: Slot;
  multipliers: Slot;
  rotations: Slot | null;
  tokens: Slot;
  labels: Slot;
  logits: Slot | View;
  losses: Slot;
  /** Of each layer. */
  heads: { queries: Slot | View; keys: Slot | View }[];
  forward: Launch[];
  /** Takes the place of the logits. */
  crossEntropy: Launch[];
}

function recordReading({ shape, table }: TrainedModel, batch: number, target: RecordingTarget): Reading {
  const layout = layOut(table.tensors);
  const tape = new Tape(1);
  const rows = batch * shape.context;
  const context: OpContext = {
    ...{ tape, shape, batch, rows, layout, ...target },
    parameters: tape.slot('parameters', layout.stride),
    gradients: tape.slot('gradients', layout.stride),
    splits: new GradientSplits(tape, layout),
    multipliers: tape.slot('multipliers', MULTIPLIERS.size),
  };
  const [tokens, labels] = [tape.shared('tokens', rows), tape.shared('labels', rows)];
  const isRotary = shape.architecture.position === 'rope';
  const rotations = isRotary ? tape.shared('rotations', shape.context * shape.headSize) : null;
  const heads: Reading['heads'] = [];
  const onHeads = (queries: { slot: Slot | View }, keys: { slot: Slot | View }) =>
    void heads.push({ queries: queries.slot, keys: keys.slot });
  const logits = logitsOf({ context, rotations, probe: null, onHeads }, tokens);
  const forward = [...tape.forward];
  const losses = crossEntropy(context, logits, labels);
  const { parameters, multipliers } = context;
  return {
    // Nothing is learnt here, so that nothing is bound to the gradients.
    slots: boundBy(tape.forward),
    ...{ parameters, multipliers, rotations, tokens, labels, logits: logits.slot, losses, heads, forward },
    crossEntropy: tape.forward.slice(forward.length),
  };
}

const boundBy = (launches: Launch[]): Slot[] => [
  ...new Set(launches.flatMap(({ bindings }) => bindings.map((one) => ('slot' in one ? one.slot : one)))),
];

export class GpuReader implements ModelReader {
  /** By how many windows they read at once. */
  private readonly ready = new Map<number, Promise<{ session: Session; reading: Reading }>>();

  constructor(
    private readonly device: GPUDevice,
    private readonly watch: DeviceWatch,
    private readonly model: TrainedModel,
    private readonly target: RecordingTarget,
  ) {}

  async losses(windows: Uint32Array): Promise<Float32Array> {
    const { context, vocabulary } = this.model.shape;
    const count = windows.length / (context + 1);
    const batch = Math.max(1, Math.min(count, Math.floor(MOST_LOGITS / (context * vocabulary))));
    const { session, reading } = await this.at(batch);
    const parts: Promise<ArrayBuffer>[] = [];
    for (let first = 0; first < count; first += batch) {
      const [tokens, labels] = [new Uint32Array(batch * context), new Uint32Array(batch * context)];
      for (let w = 0; w < Math.min(batch, count - first); w++) {
        const window = windows.subarray((first + w) * (context + 1), (first + w + 1) * (context + 1));
        tokens.set(window.subarray(0, context), w * context);
        labels.set(window.subarray(1), w * context);
      }
      session.write(reading.tokens, tokens);
      session.write(reading.labels, labels);
      session.submit(this.words('losses'), [...reading.forward, ...reading.crossEntropy]);
      // Asked for before the next ones take their place.
      parts.push(session.read(reading.losses));
    }
    const losses = new Float32Array(parts.length * batch * context);
    const read = await this.watch.orFailure(Promise.all(parts));
    read.forEach((part, i) => losses.set(new Float32Array(part), i * batch * context));
    return losses.slice(0, count * context);
  }

  async logits(tokens: Uint32Array): Promise<Float32Array> {
    const { vocabulary } = this.model.shape;
    const { session, reading } = await this.at(1);
    this.readTokens(session, reading, tokens, 'logits');
    const last = part(reading.logits, (tokens.length - 1) * vocabulary, vocabulary);
    return new Float32Array(await this.watch.orFailure(session.read(last)));
  }

  /** The kernels keep no [context, context] matrix: softmax(α · s · q kᵀ) of one head is made here of its queries and keys. */
  async attention(tokens: Uint32Array, { layer, head }: HeadPlace): Promise<Float32Array> {
    const { shape, table } = this.model;
    const { session, reading } = await this.at(1);
    this.readTokens(session, reading, tokens, 'attention');
    const { queries, keys } = reading.heads[layer];
    const rows = [queries, keys].map((values) => session.read(part(values, 0, tokens.length * shape.width)));
    const [q, k] = (await this.watch.orFailure(Promise.all(rows))).map((bytes) => new Float32Array(bytes));
    return pattern(q, k, { ...shape, context: tokens.length }, head, table.forward.attention);
  }

  close(): void {
    for (const ready of this.ready.values()) {
      ready.then(
        ({ session }) => session.destroy(),
        () => undefined,
      );
    }
    this.ready.clear();
  }

  private readTokens(session: Session, reading: Reading, tokens: Uint32Array, what: string): void {
    const padded = new Uint32Array(this.model.shape.context);
    padded.set(tokens);
    session.write(reading.tokens, padded);
    session.submit(this.words(what), reading.forward);
  }

  private words(what: string): string {
    return `read ${what} of width ${this.model.shape.width}`;
  }

  private at(batch: number): Promise<{ session: Session; reading: Reading }> {
    let ready = this.ready.get(batch);
    if (!ready) {
      ready = this.watch.orFailure(this.prepare(batch));
      this.ready.set(batch, ready);
    }
    return ready;
  }

  private async prepare(batch: number) {
    const { model, device, target } = this;
    const reading = recordReading(model, batch, target);
    const session = await Session.prepare(device, reading.slots, [...reading.forward, ...reading.crossEntropy]);
    const packed = pack(layOut(model.table.tensors), model.parameters);
    session.write(reading.parameters, packed);
    session.write(reading.multipliers, MULTIPLIERS.words(model.table.forward));
    if (reading.rotations) session.write(reading.rotations, rotationTable(model.shape));
    return { session, reading };
  }
}

function part(place: Slot | View, from: number, entries: number): View {
  return 'slot' in place ? { slot: place.slot, from: place.from + from, entries } : { slot: place, from, entries };
}

/** @param q and @param k [n, heads, headSize] */
function pattern(
  q: Float32Array,
  k: Float32Array,
  { context: n, heads, headSize }: { context: number; heads: number; headSize: number },
  head: number,
  scale: number,
): Float32Array {
  const weights = new Float32Array(n * n);
  const at = (position: number) => (position * heads + head) * headSize;
  for (let i = 0; i < n; i++) {
    const scores = Array.from({ length: i + 1 }, (_, j) => {
      let product = 0;
      for (let c = 0; c < headSize; c++) product += q[at(i) + c] * k[at(j) + c];
      return scale * product;
    });
    const highest = Math.max(...scores);
    const each = scores.map((score) => Math.exp(score - highest));
    const sum = each.reduce((one, other) => one + other, 0);
    weights.set(
      each.map((value) => value / sum),
      i * n,
    );
  }
  return weights;
}
