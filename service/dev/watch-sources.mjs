import { readdirSync } from 'node:fs';
import path from 'node:path';
import { watch } from 'rolldown';

/**
 * Makes one program of the API's sources, with a source map, at once and after each change. Its packages stay where
 * they are, so that it takes no longer than a blink.
 *
 * @param {object} options
 * @param {string} options.root
 * @param {string} options.outDir
 * @param {(programs: { main: string, migrate: string }) => void} options.onBuilt
 * @param {(message: string) => void} options.onError
 */
export function watchSources({ root, outDir, onBuilt, onError }) {
  const sources = path.join(root, 'service/src');
  const migrations = path.join(root, 'service/migrations');
  const watcher = watch({
    cwd: root,
    input: [path.join(sources, 'main.ts'), path.join(sources, 'migrate.ts')],
    platform: 'node',
    // All but what the compiler itself brings.
    external: /^(?!@oxc-project\/)[\w@]/,
    output: { dir: outDir, sourcemap: true, chunkFileNames: '[name].js' },
    plugins: [
      {
        name: 'watch-folders',
        // A file that is missing has to be noticed when it comes.
        buildStart() {
          for (const folder of [sources, migrations, ...foldersIn(sources)]) {
            this.addWatchFile(folder);
          }
        },
      },
    ],
  });
  watcher.on('event', async (event) => {
    if (event.code === 'BUNDLE_END') {
      onBuilt({ main: path.join(outDir, 'main.js'), migrate: path.join(outDir, 'migrate.js') });
    }
    if (event.code === 'ERROR') {
      onError(event.error.message);
    }
    if ('result' in event) {
      await event.result.close();
    }
  });
  return watcher;
}

/** @param {string} folder */
function foldersIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
