/**
 * Records what the newest provider 6 that is published as data knows of everything that the layers use, for
 * provider.spec.ts: its own binary is no package, and the one that holds its schema is too large to depend on.
 *
 *   node --import ./typescript.mjs iac/test/record-provider.ts
 *
 * Run it when a layer uses what was not used before; it asks npm's registry for the package, once.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { usedOfProvider, type Use } from './support/attributes.ts';
import { isWithin, RECORD, type Known, type Record6 } from './support/provider-record.ts';

const PACKAGE = '@cdktf/provider-aws@21.22.1';

/** The arguments of a block: name, whether it has to be given, and the interface of a block in it. */
type Arguments = Map<string, { isRequired: boolean; type: string }>;

const folder = mkdtempSync(path.join(tmpdir(), 'provider-'));
try {
  const [packed = ''] = execFileSync('npm', ['pack', '--silent', PACKAGE], {
    cwd: folder,
    encoding: 'utf8',
  }).split('\n');
  execFileSync('tar', ['-xzf', packed], { cwd: folder });
  const { cdktf } = JSON.parse(readFileSync(path.join(folder, 'package/package.json'), 'utf8')) as {
    cdktf: { provider: { version: string } };
  };
  const used = [...usedOfProvider()].toSorted(([one], [other]) => one.localeCompare(other));
  const record: Record6 = {
    provider: cdktf.provider.version,
    source: `npm ${PACKAGE}`,
    types: Object.fromEntries(used.map(([type, use]) => [type, known(type, use)])),
  };
  writeFileSync(RECORD, `${JSON.stringify(record, undefined, 2)}\n`);
  execFileSync('npx', ['prettier', '--log-level', 'warn', '--write', RECORD], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true });
}

function known(type: string, { blocks, read }: Use): Known {
  const module = path.join(folder, 'package/lib', type.replace(/^aws_/, '').replaceAll(/[._]/g, '-'));
  if (!existsSync(module)) return { blocks: {}, read: [] };
  const interfaces = interfacesIn(readFileSync(path.join(module, 'index.d.ts'), 'utf8'));
  const resource =
    readFileSync(path.join(module, 'index.js'), 'utf8')
      .split(/^class \w+ extends cdktf\.Terraform\w+/m)
      .at(-1) ?? '';
  const attributes = new Set(
    [...resource.matchAll(/\((?:this, )?["']([a-z0-9_]+)["']/g)].map((one) => one[1]),
  );
  const root =
    [...interfaces.keys()].find((name) => name.endsWith('Config') && interfaces.get(name)?.isRoot) ?? '';

  const undescribed = [...blocks.keys()].filter((block) => isAny(interfaces, root, block));
  const found = [...blocks]
    .filter(([block]) => !isWithin(undescribed, block))
    .map(([block, names]) => {
      const own = argumentsAt(interfaces, root, block);
      return [
        block,
        {
          required: [...own]
            .filter(([, { isRequired }]) => isRequired)
            .map(([name]) => name)
            .toSorted(),
          known: [...names].filter((name) => own.has(name)).toSorted(),
        },
      ] as const;
    });
  return {
    blocks: Object.fromEntries(found.toSorted(([one], [other]) => one.localeCompare(other))),
    read: [...read].filter((name) => attributes.has(name)).toSorted(),
    ...(undescribed.length > 0 && { undescribed }),
  };
}

interface Interface {
  isRoot: boolean;
  own: Arguments;
}

/** Each argument stands behind a comment that ends with its name as Terraform writes it: `EcsService#launch_type}`. */
function interfacesIn(declarations: string): Map<string, Interface> {
  const blocks = declarations.matchAll(
    /^export interface (\w+)( extends cdktf\.TerraformMetaArguments)? \{\n([\s\S]*?)^\}/gm,
  );
  return new Map(
    [...blocks].map(([, name = '', isRoot, body = '']) => [
      name,
      {
        isRoot: isRoot !== undefined || name === 'AwsProviderConfig',
        own: new Map(
          [...body.matchAll(/#(\w+)\}[\s\S]*?^ {4}readonly \w+(\??): (?:\{\n[\s\S]*?^ {4}\}|(\w+))/gm)].map(
            ([, argument = '', optional, type = '']) => [argument, { isRequired: optional === '', type }],
          ),
        ),
      },
    ]),
  );
}

function argumentsAt(interfaces: Map<string, Interface>, root: string, block: string): Arguments {
  const none: Arguments = new Map();
  let own = interfaces.get(root)?.own ?? none;
  for (const name of block === '' ? [] : block.split('.')) {
    own = interfaces.get(own.get(name)?.type ?? '')?.own ?? none;
  }
  return own;
}

/** Blocks that hold blocks like themselves are of no type there. */
function isAny(interfaces: Map<string, Interface>, root: string, block: string): boolean {
  const [name = '', ...above] = block.split('.').toReversed();
  return argumentsAt(interfaces, root, above.toReversed().join('.')).get(name)?.type === 'any';
}
