import path from 'node:path';
import { Program } from './program.mjs';
import { say } from './say.mjs';
import { watchSources } from './watch-sources.mjs';

const NEXT_CHANGE = 'waiting for the next change';

/** @import { Migrations } from './migrations.mjs' */

/** The API of `npm run start:dev`: started anew from its sources after each change that can be built. */
export class WatchedApi {
  /** @type {Program | undefined} */
  #api;
  /** @type {Promise<void>} one after another, however quick the changes come */
  #restarts = Promise.resolve();
  #isEnding = false;
  #watcher;
  #migrations;
  /** @type {(code: number) => void} */
  #onEnded = () => {};
  /** @type {Promise<number>} its exit code, after `kill` */
  ended = new Promise((resolve) => {
    this.#onEnded = resolve;
  });

  /**
   * @param {string} root
   * @param {string[]} args of Node
   * @param {NodeJS.ProcessEnv} env
   * @param {Migrations} [migrations] of its database, where that is the embedded one
   */
  constructor(root, args, env, migrations) {
    this.#migrations = migrations;
    this.#watcher = watchSources({
      root,
      outDir: path.join(root, '.data/build'),
      onBuilt: ({ main, migrate }) => {
        const start = () => new Program(root, ['--enable-source-maps', ...args, main], env);
        this.#restarts = this.#restarts.then(() => this.#restart(migrate, start));
      },
      onError: (message) => say(`${message}\n${NEXT_CHANGE}`),
    });
  }

  /** @param {NodeJS.Signals} signal */
  kill(signal) {
    this.#isEnding = true;
    void this.#end(signal);
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    this.#migrations?.kill(signal);
    this.#api?.kill(signal);
    await this.#watcher.close();
    await this.#restarts;
    this.#onEnded((await this.#api?.ended) ?? 0);
  }

  /**
   * @param {string} migrate the program
   * @param {() => Program} start
   */
  async #restart(migrate, start) {
    const previous = this.#api;
    this.#api = undefined;
    await previous?.replace();
    if (!((await this.#migrations?.apply(migrate)) ?? true)) {
      say(NEXT_CHANGE);
    } else if (!this.#isEnding) {
      this.#api = start();
      void this.#reportEnd(this.#api);
    }
  }

  /** @param {Program} api */
  async #reportEnd(api) {
    const code = await api.ended;
    // Neither replaced nor told to end.
    if (this.#api === api && !this.#isEnding) {
      this.#api = undefined;
      say(`The API ended (exit code ${code}): ${NEXT_CHANGE}`);
    }
  }
}
