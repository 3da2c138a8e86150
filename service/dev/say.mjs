/**
 * What the development kit has to say itself goes to standard error: standard output is the API's log.
 *
 * @param {string} sentence
 */
export function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}
