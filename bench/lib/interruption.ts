import { setMaxListeners } from 'node:events';

/** As a shell reports a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

const controller = new AbortController();
// Each server listens to it.
setMaxListeners(0, controller.signal);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => controller.abort(new Error(`${signal}: everything is being taken down`)));
}

/** Aborted by Ctrl-C or a signal that asks to end: then every server ends and none is started any more. */
export const interruption: AbortSignal = controller.signal;
