/**
 * TensorFlow.js (https://www.tensorflow.org/js) on its WebGPU backend.
 *
 * Tried at width 32 on a software adapter, in medians of one run, all within noise of one another (10 %): this program;
 * `tf.train.adam`, which is the same update tensor by tensor (531 launches a step, not 340); the embedding as a product with
 * one-hot rows; longer submits (flag WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE at 1000, not 15); a loss read every third step. Its other
 * matmul programs (flag WEBGPU_MATMUL_PROGRAM_TYPE) are slower or refuse these shapes. Kept is what launches least, with all
 * flags as they come.
 */
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { NORM_EPSILON } from '../../../src/model/shape.ts';
import { ADAM, type GptSize } from '../gpt.ts';
import { inSteps, Refusal, type Contender } from '../contender.ts';
import { inputsAndLabels, withJointProjection } from '../peer-inputs.ts';

type Variables = Record<string, tf.Variable>;

interface Tokens {
  /** [batch · context] */
  inputs: tf.Tensor;
  /** One-hot rows [batch · context, vocabulary]. */
  labels: tf.Tensor;
}

export const peer: Contender = {
  name: 'TensorFlow.js',
  version: tf.version_core,
  differs: null,
  async prepare(size, parameters, batches) {
    if (!(await tf.setBackend('webgpu'))) throw new Refusal('It found no WebGPU adapter that it can use.');
    const tensors = withJointProjection(size, parameters);
    const named: Variables = Object.fromEntries(
      tensors.map(({ name, shape, values }) => [name, variableOf(() => tf.tensor(values, shape))]),
    );
    const variables = Object.values(named);
    const adamw = new AdamW(variables);
    const mask = causalMask(size.context);
    const tokens = batches.map((batch): Tokens => {
      const { inputs, labels } = inputsAndLabels(batch, size);
      const oneHot = () => tf.oneHot(tf.tensor1d(labels, 'int32'), size.vocabulary, 1, 0, 'float32');
      return { inputs: tf.tensor1d(inputs, 'int32'), labels: tf.tidy(oneHot) };
    });

    return inSteps({
      async step(step, readLoss) {
        const batch = tokens[step % tokens.length];
        const { value, grads } = tf.variableGrads(() => lossOf(named, batch, mask, size), variables);
        adamw.update(variables.map(({ name }) => grads[name]));
        const loss = readLoss ? (await value.data())[0] : null;
        tf.dispose([value, grads]);
        return loss;
      },
      async finish() {
        await named['final.norm'].data();
      },
      async dispose() {
        adamw.dispose();
        tf.dispose([mask, variables]);
        for (const { inputs, labels } of tokens) tf.dispose([inputs, labels]);
      },
    });
  },
};

/** AdamW on one vector of all parameters, which is then cut into the variables that the model reads. */
class AdamW {
  private readonly parameters: tf.Variable;
  private readonly mean: tf.Variable;
  private readonly square: tf.Variable;
  private steps = 0;

  constructor(private readonly variables: tf.Variable[]) {
    this.parameters = variableOf(() => joined(variables));
    this.mean = variableOf(() => tf.zerosLike(this.parameters));
    this.square = variableOf(() => tf.zerosLike(this.parameters));
  }

  update(gradients: tf.Tensor[]): void {
    const { parameters, mean, square, variables } = this;
    const { rate, beta1, beta2, epsilon } = ADAM;
    this.steps++;
    const [correction1, correction2] = [beta1, beta2].map((beta) => 1 - beta ** this.steps);
    tf.tidy(() => {
      const gradient = joined(gradients);
      mean.assign(tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1)));
      square.assign(tf.add(tf.mul(square, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
      const size = tf.add(tf.sqrt(tf.mul(square, 1 / correction2)), epsilon);
      parameters.assign(tf.sub(parameters, tf.div(tf.mul(mean, rate / correction1), size)));
      const sizes = variables.map((variable) => variable.size);
      const parts = tf.split(parameters, sizes);
      variables.forEach((variable, i) => variable.assign(tf.reshape(parts[i], variable.shape)));
    });
  }

  dispose(): void {
    tf.dispose([this.parameters, this.mean, this.square]);
  }
}

/** A variable with the value that `make` gives, of which nothing else is left behind. */
function variableOf(make: () => tf.Tensor): tf.Variable {
  return tf.tidy(() => tf.variable(make()));
}

const joined = (tensors: tf.Tensor[]) => tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])));

/** Added to scores: a large negative number where a key comes after its query. */
function causalMask(context: number): tf.Tensor {
  const rows = Array.from({ length: context }, (_, query) =>
    Array.from({ length: context }, (_, key) => (key > query ? -1e9 : 0)),
  );
  return tf.tensor2d(rows);
}

function lossOf(named: Variables, { inputs, labels }: Tokens, mask: tf.Tensor, size: GptSize): tf.Scalar {
  const { layers, width, heads, batch, context } = size;
  const rows = batch * context;
  const headSize = width / heads;
  const byHead = (x: tf.Tensor) => tf.transpose(tf.reshape(x, [batch, context, heads, headSize]), [0, 2, 1, 3]);
  const token = tf.reshape(tf.gather(named['embed.token'], inputs), [batch, context, width]);
  let x = tf.reshape(tf.add(token, named['embed.position']), [rows, width]);
  for (let n = 0; n < layers; n++) {
    const { [`layers.${n}.attn.joint`]: joint, [`layers.${n}.attn.out`]: out } = named;
    const { [`layers.${n}.mlp.up`]: up, [`layers.${n}.mlp.down`]: down } = named;
    const projected = tf.matMul(layerNorm(x, named[`layers.${n}.attn.norm`]), joint);
    const [query, key, value] = tf.split(projected, 3, -1).map(byHead);
    const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(headSize));
    const mixed = tf.matMul(tf.softmax(tf.add(scores, mask)), value);
    x = tf.add(x, tf.matMul(tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [rows, width]), out));
    const hidden = gelu(tf.matMul(layerNorm(x, named[`layers.${n}.mlp.norm`]), up));
    x = tf.add(x, tf.matMul(hidden, down));
  }
  const logits = tf.matMul(layerNorm(x, named['final.norm']), named['unembed']);
  const ofLabels = tf.sum(tf.mul(tf.logSoftmax(logits), labels), -1);
  return tf.neg<tf.Scalar>(tf.mean(ofLabels));
}

function layerNorm(x: tf.Tensor, gain: tf.Tensor): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, NORM_EPSILON))), gain);
}

/** The tanh form: x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). */
function gelu(x: tf.Tensor): tf.Tensor {
  const cubic = tf.mul(tf.mul(tf.square(x), x), 0.044715);
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(tf.add(x, cubic), Math.sqrt(2 / Math.PI))), 1));
}
