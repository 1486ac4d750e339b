/** A name that no other result has: 128 random bits in hex. Unlike crypto.randomUUID it also works over plain http. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
