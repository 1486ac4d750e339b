/** The loss of a token in nats: −log softmax(logits)[label]. */

/** logits [rows, vocabulary], labels [rows] → losses [rows] */
export function crossEntropyForward(logits: Float64Array, labels: ArrayLike<number>, vocabulary: number): Float64Array {
  const losses = new Float64Array(labels.length);
  for (let row = 0; row < losses.length; row++) {
    losses[row] = logSumExp(logits, row * vocabulary, vocabulary) - logits[row * vocabulary + labels[row]];
  }
  return losses;
}

/** Gradient of the *mean* loss over rows: (softmax − onehot) / rows. */
export function crossEntropyBackward(
  logits: Float64Array,
  labels: ArrayLike<number>,
  vocabulary: number,
): Float64Array {
  const rows = labels.length;
  const gradient = new Float64Array(logits.length);
  for (let row = 0; row < rows; row++) {
    const base = row * vocabulary;
    const total = logSumExp(logits, base, vocabulary);
    for (let j = 0; j < vocabulary; j++) gradient[base + j] = Math.exp(logits[base + j] - total) / rows;
    gradient[base + labels[row]] -= 1 / rows;
  }
  return gradient;
}

function logSumExp(values: Float64Array, base: number, length: number): number {
  let highest = -Infinity;
  for (let j = 0; j < length; j++) if (values[base + j] > highest) highest = values[base + j];
  let sum = 0;
  for (let j = 0; j < length; j++) sum += Math.exp(values[base + j] - highest);
  return highest + Math.log(sum);
}
