/**
 * jax-js (https://github.com/ekzhang/jax-js): one jit over loss, gradient and AdamW, each loss awaited as its documentation advises.
 *
 * Tried at widths 32 to 128 on a software adapter, all within noise of one another (5 %): this program; loss with gradient
 * and update in two jits; AdamW per tensor instead of over one vector (262 launches a step, not 214); query, key and value as
 * three products (35 launches more); tokens as [batch, context, width] instead of rows; the embedding as a product with
 * one-hot rows; `nn.dotProductAttention`, whose einsum does not run in Node 20. Kept is what launches least, which matters on
 * a GPU. Picking the labels' logits by index is refused by its jit together with a gradient, hence the one-hot labels. Steps
 * that queue up unread take longer, not less (at width 32, 170 ms read each step, 190 to 220 read each tenth).
 */
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import jaxPackage from '../node_modules/@jax-js/jax/package.json';
import { NORM_EPSILON } from '../../../src/model/shape.ts';
import { ADAM, type GptSize } from '../gpt.ts';
import { inSteps, Refusal, type Contender } from '../contender.ts';
import { inputsAndLabels, withJointProjection } from '../peer-inputs.ts';

type Tensors = { [name: string]: np.Array };
/** Token numbers: inputs [batch, context], because its gradient of a gather takes no reshaped rows, and labels [batch · context]. */
type Tokens = { inputs: np.Array; labels: np.Array };
/** Parameters and AdamW's moments as one vector each, and the number of steps taken. */
type State = { parameters: np.Array; mean: np.Array; square: np.Array; steps: np.Array };

export const peer: Contender = {
  name: 'jax-js',
  version: jaxPackage.version,
  differs: null,
  async prepare(size, parameters, batches) {
    const devices = await init('webgpu');
    if (!devices.includes('webgpu')) throw new Refusal('It found no WebGPU adapter that it can use.');
    defaultDevice('webgpu');
    const tensors = withJointProjection(size, parameters);
    const flat = np.concatenate(tensors.map(({ values }) => np.array(Float32Array.from(values))));
    let state: State = {
      mean: np.zeros(flat.shape),
      square: np.zeros(flat.shape),
      parameters: flat,
      steps: np.array(0, { dtype: np.float32 }),
    };
    const tokens = batches.map((batch): Tokens => {
      const { inputs, labels } = inputsAndLabels(batch, size);
      return { inputs: np.array(inputs).reshape([size.batch, size.context]), labels: np.array(labels) };
    });
    await blockUntilReady([state, tokens]);

    const lossAndGradient = valueAndGrad((named: Tensors, batch: Tokens) => lossOf(named, batch, size));
    const trainStep = jit((before: State, batch: Tokens) => {
      const named: Tensors = {};
      let from = 0;
      for (const { name, shape, values } of tensors) {
        named[name] = before.parameters.ref.slice([from, from + values.length]).reshape(shape);
        from += values.length;
      }
      const [loss, gradients] = lossAndGradient(named, batch);
      const gradient = np.concatenate(tensors.map(({ name }) => gradients[name].ravel()));
      return { loss, after: adamw(before, gradient) };
    });

    return inSteps({
      async step(step, readLoss) {
        const { loss, after } = trainStep(state, tree.ref(tokens[step % tokens.length]));
        state = after;
        if (readLoss) return (await loss.data())[0];
        loss.dispose();
        return null;
      },
      async finish() {
        await blockUntilReady(state.parameters);
      },
      async dispose() {
        tree.dispose([state, tokens]);
        trainStep.dispose();
      },
    });
  },
};

function adamw({ parameters, mean, square, steps }: State, gradient: np.Array): State {
  const { rate, beta1, beta2, epsilon } = ADAM;
  const step = steps.add(1);
  const correction = (beta: number) => np.subtract(1, np.exp(step.ref.mul(Math.log(beta))));
  const newMean = mean.mul(beta1).add(gradient.ref.mul(1 - beta1));
  const newSquare = square.mul(beta2).add(np.square(gradient).mul(1 - beta2));
  const size = np.sqrt(newSquare.ref.div(correction(beta2))).add(epsilon);
  const update = newMean.ref.div(correction(beta1)).div(size).mul(rate);
  return { parameters: parameters.sub(update), mean: newMean, square: newSquare, steps: step };
}

function lossOf(named: Tensors, { inputs, labels }: Tokens, size: GptSize): np.Array {
  const { layers, width, heads, batch, context, vocabulary } = size;
  const perHead = [batch, context, heads, width / heads];
  const token = np.take(named['embed.token'], inputs, 0);
  let x = token.add(named['embed.position']).reshape([batch * context, width]);
  for (let n = 0; n < layers; n++) {
    const { [`layers.${n}.attn.joint`]: joint, [`layers.${n}.attn.out`]: out } = named;
    const { [`layers.${n}.mlp.up`]: up, [`layers.${n}.mlp.down`]: down } = named;
    const projected = np.matmul(layerNorm(x.ref, named[`layers.${n}.attn.norm`]), joint);
    const [query, key, value] = np.split(projected, 3, -1).map((part) => part.reshape(perHead).transpose([0, 2, 1, 3]));
    const mixed = attention(query, key, value, context).transpose([0, 2, 1, 3]);
    x = x.add(np.matmul(mixed.reshape([batch * context, width]), out));
    const hidden = nn.gelu(np.matmul(layerNorm(x.ref, named[`layers.${n}.mlp.norm`]), up));
    x = x.add(np.matmul(hidden, down));
  }
  const logits = np.matmul(layerNorm(x, named['final.norm']), named['unembed']);
  const ofLabels = nn.logSoftmax(logits).mul(nn.oneHot(labels, vocabulary)).sum(-1);
  return np.mean(ofLabels).neg();
}

/** Causal, of and to [batch, heads, context, headSize]. */
function attention(query: np.Array, key: np.Array, value: np.Array, context: number): np.Array {
  const scale = 1 / Math.sqrt(query.shape[3]);
  const scores = np.matmul(query, np.matrixTranspose(key)).mul(scale);
  const isVisible = np.tri(context, context, 0, { dtype: np.bool });
  return np.matmul(nn.softmax(np.where(isVisible, scores, -Infinity)), value);
}

function layerNorm(x: np.Array, gain: np.Array): np.Array {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
  return centred.mul(np.reciprocal(np.sqrt(variance.add(NORM_EPSILON)))).mul(gain);
}
