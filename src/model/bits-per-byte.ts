/** Losses of different tokenizers compare by the bits that a byte of the text takes: of nats per token only the loss of one tokenizer does. */
export const bitsPerByte = (natsPerToken: number, bytesPerToken: number): number =>
  natsPerToken / Math.LN2 / bytesPerToken;
