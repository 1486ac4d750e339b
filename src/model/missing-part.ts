/** A part of the page, or a worker, that cannot be loaded: after a new deployment those of an open page may be gone. */
export class MissingPart extends Error {
  override readonly name = 'MissingPart';
  constructor() {
    super('A part of the page could not be loaded; load the page again.');
  }
}
