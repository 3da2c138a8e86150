/** Preloaded into the API by `npm start`: when the process that started it is killed, the API shuts down too. */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
