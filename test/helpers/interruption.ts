import { setMaxListeners } from 'node:events';

/** As a shell reports a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

const controller = new AbortController();
// Whatever runs or waits listens to it.
setMaxListeners(0, controller.signal);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => controller.abort(new Error(`${signal}: everything is being taken down`)));
}

/** Aborted by Ctrl-C or a signal that asks to end: then whatever was brought up is taken down, and nothing else comes up. */
export const interruption: AbortSignal = controller.signal;
