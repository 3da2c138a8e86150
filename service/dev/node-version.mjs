/**
 * Runs before what needs this Node, and imports nothing: an older Node would end with the stack of a dependency that
 * cannot even be read.
 */
const NEEDED = '20.19';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const [neededMajor = 0, neededMinor = 0] = NEEDED.split('.').map(Number);
if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  process.stderr.write(
    `Slipway needs Node ${NEEDED} or newer, and this is Node ${process.versions.node}: install a newer one (the image runs the one in .nvmrc).\n`,
  );
  process.exit(1);
}
