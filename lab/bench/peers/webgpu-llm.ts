/// <reference types="webgpu-llm" />
/**
 * webgpu-llm (https://github.com/toprakdeviren/webgpu-llm): hand-written kernels of one architecture, so that the nearest it
 * can do is timed: RMSNorm, rotary positions, an unembedding tied to the token embedding, and a batch as one sequence after
 * another whose gradients are accumulated. Each sequence's loss is read, since its forward pass always does that.
 */
import { LLMEngine, Model } from 'webgpu-llm/llm';
import webgpuLlmPackage from 'webgpu-llm/package.json';
import { NORM_EPSILON } from '../../../src/model/shape.ts';
import { ADAM, type GptSize } from '../gpt.ts';
import { inSteps, Refusal, type Contender } from '../contender.ts';

/** What it offers beyond its own type declarations. */
interface LlmModel {
  allocate(): void;
  allocActivations(): void;
  allocBackward(): void;
  /** Where a parameter lies among all of them, in entries. */
  paramLayout: { find(label: string): { offset: number; size: number } };
  weights: { tok_emb: { buffer: GPUBuffer } };
  /** Mean loss of a sequence, in nats per token. */
  forwardLoss(inputs: Uint32Array, labels: Uint32Array): Promise<number>;
  backward(inputs: Uint32Array, accumulate: boolean): Promise<void>;
  step(settings: Record<string, number>, sequences: number): Promise<void>;
}

interface Sequence {
  inputs: Uint32Array;
  labels: Uint32Array;
}

export const peer: Contender = {
  name: 'webgpu-llm',
  version: webgpuLlmPackage.version,
  differs: 'RMSNorm, rotary positions and tied embeddings; one sequence at a time, each one’s loss read',
  async prepare(size, parameters, batches) {
    const engine = await startEngine();
    const device: GPUDevice = engine.device;
    const model = new Model(engine, configOf(size)) as unknown as LlmModel;
    model.allocate();
    model.allocActivations();
    model.allocBackward();
    for (const [label, values] of labelled(parameters, size)) {
      const { offset } = model.paramLayout.find(label);
      device.queue.writeBuffer(model.weights.tok_emb.buffer, offset * 4, Float32Array.from(values));
    }
    const sequences = batches.map((batch) => sequencesOf(batch, size));
    await assertRuns(device, model, sequences[0][0]);

    const settings = {
      ...{ lr: ADAM.rate, beta1: ADAM.beta1, beta2: ADAM.beta2, adam_eps: ADAM.epsilon },
      ...{ weight_decay: 0, grad_clip: 1e30 },
    };
    return inSteps({
      async step(step) {
        const batch = sequences[step % sequences.length];
        let loss = 0;
        for (const [s, { inputs, labels }] of batch.entries()) {
          loss += (await model.forwardLoss(inputs, labels)) / batch.length;
          await model.backward(inputs, s > 0);
        }
        await model.step(settings, batch.length);
        return loss;
      },
      finish: () => device.queue.onSubmittedWorkDone(),
      dispose: () => Promise.resolve(device.destroy()),
    });
  },
};

async function startEngine(): Promise<LLMEngine> {
  try {
    return await new LLMEngine().init();
  } catch (error) {
    throw new Refusal((error as Error).message);
  }
}

/** It checks no size beforehand: some make bindings that WebGPU does not allow, which only its validation tells. */
async function assertRuns(device: GPUDevice, model: LlmModel, { inputs, labels }: Sequence): Promise<void> {
  device.pushErrorScope('validation');
  await model.forwardLoss(inputs, labels);
  await model.backward(inputs, false);
  const error = await device.popErrorScope();
  if (!error) return;
  device.destroy();
  // The rest is where in WebGPU it was found.
  throw new Refusal(error.message.split('\n')[0]);
}

function configOf({ layers, width, heads, context, vocabulary }: GptSize) {
  return {
    ...{ n_layers: layers, d_model: width, n_heads: heads, n_kv_heads: heads, head_dim: width / heads, kv_dim: width },
    ...{ d_ff: 4 * width, activation: 'gelu', vocab_size: vocabulary, seq_len: context, rms_eps: NORM_EPSILON },
  };
}

/** Its names for the tensors that it has. */
function labelled(parameters: ReadonlyMap<string, Float32Array>, { layers, width }: GptSize): [string, Float32Array][] {
  const of = (name: string) => parameters.get(name)!;
  // Its logits have no 1/√d of their own.
  const token = of('embed.token').map((value) => value / Math.sqrt(width));
  const layer = (n: number): [string, Float32Array][] => [
    [`L${n}.attn_norm_w`, of(`layers.${n}.attn.norm`)],
    [`L${n}.wq`, of(`layers.${n}.attn.query`)],
    [`L${n}.wk`, of(`layers.${n}.attn.key`)],
    [`L${n}.wv`, of(`layers.${n}.attn.value`)],
    [`L${n}.wo`, of(`layers.${n}.attn.out`)],
    [`L${n}.ffn_norm_w`, of(`layers.${n}.mlp.norm`)],
    [`L${n}.w1`, of(`layers.${n}.mlp.up`)],
    [`L${n}.w2`, of(`layers.${n}.mlp.down`)],
  ];
  const blocks = Array.from({ length: layers }, (_, n) => layer(n)).flat();
  return [['tok_emb', token], ...blocks, ['final_norm_w', of('final.norm')]];
}

function sequencesOf(tokens: Int32Array, { batch, context }: GptSize): Sequence[] {
  return Array.from({ length: batch }, (_, s) => {
    const sequence = Uint32Array.from(tokens.subarray(s * (context + 1), (s + 1) * (context + 1)));
    return { inputs: sequence.subarray(0, context), labels: sequence.subarray(1) };
  });
}
