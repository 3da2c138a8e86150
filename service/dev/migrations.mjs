import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Program } from './program.mjs';
import { say } from './say.mjs';

/** @import { DevelopmentDatabase } from './development-database.mjs' */

/** Applies the migrations to the embedded database, where the API is about to start. */
export class Migrations {
  #root;
  #database;
  #env;
  /** @type {Program | undefined} */
  #program;
  /** What was there when they were last applied. */
  #applied = '';

  /**
   * @param {string} root
   * @param {DevelopmentDatabase} database
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(root, database, env) {
    this.#root = root;
    this.#database = database;
    this.#env = env;
  }

  /**
   * @param {string} program that applies them
   * @returns {Promise<boolean>} whether the API may start
   */
  async apply(program) {
    const content = this.#content();
    if (content === this.#applied) {
      return true;
    }
    this.#program = new Program(this.#root, [program], { ...this.#env, ...this.#database.superuser });
    if ((await this.#program.ended) !== 0) {
      say('The migrations were not applied, so the API is not started.');
      return false;
    }
    await this.#database.letServiceIn();
    this.#applied = content;
    return true;
  }

  /** @param {NodeJS.Signals} signal */
  kill(signal) {
    this.#program?.kill(signal);
  }

  #content() {
    const folder = path.join(this.#root, 'service/migrations');
    return readdirSync(folder)
      .toSorted()
      .map((name) => `${name}\n${readFileSync(path.join(folder, name), 'utf8')}`)
      .join('\n');
  }
}
