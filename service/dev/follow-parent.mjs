/** Preloaded into what `npm start` runs: when the process that started it is killed, it shuts down too. */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Whoever has nothing left to do ends all the same.
process.channel?.unref();
