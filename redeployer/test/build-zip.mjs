import { buildZip } from '../scripts/build.mjs';

/** The zip is tested as it is shipped: built before the tests, so that a fresh clone has one. */
export default buildZip;
