/**
 * What the pages may load and do, whoever writes into them: scripts, styles, workers and pictures of their own origin, and
 * nothing that came in as text. Data also comes from an address that a person enters as that of a text: over https, or from the
 * person's own machine. The built pages say so themselves, for static hosting; our server says it as a header too, by which
 * workers live as well.
 */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'worker-src': "'self'",
  'connect-src': "'self' https: http://localhost:* http://127.0.0.1:*",
  // A drawing becomes a PNG by way of a data address.
  'img-src': "'self' data:",
  'base-uri': "'none'",
  'form-action': "'none'",
};

/** It says nothing of frames around the page: others may embed it. */
export const CONTENT_SECURITY_POLICY = Object.entries(POLICY)
  .map(([what, from]) => `${what} ${from}`)
  .join('; ');

/** What our server sends with every file. */
export const SECURITY_HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};
