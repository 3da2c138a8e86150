/**
 * Why PostgreSQL did not start, in a sentence that ends with what to do.
 *
 * @param {unknown} error
 * @param {string[]} log what PostgreSQL and initdb wrote
 * @param {string} directory where the data lies
 * @returns {string}
 */
export function reason(error, log, directory) {
  const words = log.join('\n');
  const [, theirs, ours] =
    /initialized by PostgreSQL version (\S+), which is not compatible with this version ([\w.]+)/.exec(
      words,
    ) ?? [];
  const failure = `${/** @type {Error | undefined} */ (error)?.message ?? ''}\n${words}`;
  const startAfresh = 'delete the folder to start afresh, without what is in it';

  if (theirs !== undefined) {
    return `${directory} is the data of PostgreSQL ${theirs}, and this is PostgreSQL ${ours}: go back to a commit that uses the other, or ${startAfresh}.`;
  }
  if (/No space left on device|ENOSPC|Check free disk space/.test(failure)) {
    return `The disk is full, and PostgreSQL cannot write to ${directory}: make room and start again.`;
  }
  if (/error while loading shared libraries|Library not loaded/.test(failure)) {
    return 'The embedded PostgreSQL is not installed completely: run `npm ci` again, and let it run install scripts.';
  }
  if (/EROFS|EACCES|EPERM|Permission denied|Read-only file system|wrong ownership/.test(failure)) {
    return `${directory} cannot be written to by this user: change whose it is, or set DB_HOST to use another database.`;
  }
  if (words.includes('lock file "postmaster.pid" already exists')) {
    return `${directory}/postmaster.pid names a process that is not this PostgreSQL: delete the file and start again.`;
  }
  return `PostgreSQL does not start with ${directory} (${lastWords(error, log)}): if its files are damaged, ${startAfresh}.`;
}

/**
 * @param {unknown} error
 * @param {string[]} log
 */
function lastWords(error, log) {
  const lines = log.join('\n').split('\n').filter(Boolean);
  const fatal = lines.find((line) => /(FATAL|PANIC|error): /.test(line)) ?? lines.at(-1);
  return (
    fatal?.replace(/^.*(FATAL|PANIC|error):\s+/, '').replace(/\.$/, '') ??
    /** @type {Error | undefined} */ (error)?.message ??
    'without a word'
  );
}
