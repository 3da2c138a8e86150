import { Program } from './program.mjs';

/** @import { Migrations } from './migrations.mjs' */

/** The API of `npm start`: started once, as it was built. */
export class BuiltApi {
  /** @type {Program | undefined} */
  #api;
  #migrations;
  #isEnding = false;
  /** @type {Promise<number>} its exit code; 1 where it was not started */
  ended;

  /**
   * @param {string} root
   * @param {string[]} args of Node
   * @param {NodeJS.ProcessEnv} env
   * @param {Migrations} [migrations] of its database, where that is the embedded one
   */
  constructor(root, args, env, migrations) {
    this.#migrations = migrations;
    this.ended = this.#run(() => new Program(root, [...args, 'dist/main.js'], env));
  }

  /** @param {NodeJS.Signals} signal */
  kill(signal) {
    this.#isEnding = true;
    this.#migrations?.kill(signal);
    this.#api?.kill(signal);
  }

  /** @param {() => Program} start */
  async #run(start) {
    const isMigrated = (await this.#migrations?.apply('dist/migrate.js')) ?? true;
    if (!isMigrated || this.#isEnding) {
      return 1;
    }
    this.#api = start();
    return this.#api.ended;
  }
}
