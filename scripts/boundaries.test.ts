import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

interface Violation {
  from: string;
  rule: { name: string };
}

interface Cruise {
  modules: { source: string }[];
  summary: { violations: Violation[] };
}

/** What dependency-cruiser says about the product below `cwd`, by the project's own rules. */
async function cruise(cwd: string): Promise<Cruise> {
  const args = [
    depcruise,
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    '{backend,bench,e2e}/**/*.ts',
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as Cruise;
}

/** For each rule: files to plant, the first of which must be found guilty. */
const forbidden: Record<string, Record<string, string>> = {
  'no-cycles': {
    'db/one.ts': "import { two } from './two.ts'; export const one = two;",
    'db/two.ts': "import { one } from './one.ts'; export const two = one;",
  },
  'everything-resolves': {
    'db/deep-by-name.ts': "import { decide } from '@wfm/workflow-engine/execution/decide.ts'; export const x = decide;",
  },
  'through-the-doors': {
    'virtual-server/deep.ts':
      "import { decide } from '../workflow-engine/execution/decide.ts'; export const x = decide;",
  },
  'by-package-name': {
    'db/relative.ts': "import { door } from '../workflow-engine/ports/index.ts'; export const x = door;",
  },
  'engine-stands-alone': {
    'workflow-engine/execution/uses-db.ts': "import { door } from '@wfm/db'; export const x = door;",
  },
  'adapters-know-ports-only': {
    'db/uses-engine.ts': "import type { door } from '@wfm/workflow-engine'; export type X = typeof door;",
  },
  'adapters-stand-alone': {
    'db/uses-providers.ts': "import { door } from '@wfm/providers'; export const x = door;",
  },
  'servers-stand-alone': {
    'server/uses-virtual.ts': "import { door } from '@wfm/virtual-server'; export const x = door;",
  },
  'programs-are-not-libraries': {
    'cli/commands/uses-server.ts': "import { door } from '@wfm/server'; export const x = door;",
  },
  'mock-only-in-previews': {
    'server/uses-mock.ts': "import { door } from '@wfm/workflow-engine/mock'; export const x = door;",
  },
  'mock-out-of-reach': {
    'server/reaches-mock.ts': "import { x } from '@wfm/workflow-engine/definition'; export const y = x;",
    'workflow-engine/definition/index.ts': "export { x } from './leads-to-mock.ts'; export const door = 1;",
    'workflow-engine/definition/leads-to-mock.ts': "import { door } from '../mock/index.ts'; export const x = door;",
  },
  'testing-only-in-tests': {
    'db/uses-testing.ts': "import { door } from '@wfm/workflow-engine/testing'; export const x = door;",
  },
  'composed-in-one-place': {
    'server/api/opens-database.ts': "import { door } from '@wfm/db'; export const x = door;",
  },
  'browser-folders-without-node': {
    'workflow-engine/models/hashes.ts': "import { createHash } from 'node:crypto'; export const x = createHash;",
  },
  'browser-doors-without-node': {
    'workflow-engine/schema/index.ts': "export { read } from '../execution/reads-file.ts'; export const door = 1;",
    'workflow-engine/execution/reads-file.ts':
      "import { readFileSync } from 'node:fs'; export const read = readFileSync;",
  },
  'product-without-dev-tools': {
    'server/uses-vitest.ts': "import { vi } from 'vitest'; export const x = vi;",
  },
};

/** Imports that look alike and are right: none of these files may be found guilty of anything. */
const allowed: Record<string, string> = {
  'server/compose.ts':
    "import { door } from '@wfm/db'; import { door as p } from '@wfm/providers'; export const x = [door, p];",
  'server/api/names-a-type.ts': "import type { door } from '@wfm/db'; export type X = typeof door;",
  'server/opens-for-a-test.test.ts': "import { door } from '@wfm/db'; export const x = door;",
  'cli/commands/run.ts': "import { door } from '@wfm/db'; export const x = door;",
  'virtual-server/previews.ts': "import { door } from '@wfm/workflow-engine/mock'; export const x = door;",
  'db/implements-a-port.ts': "import type { door } from '@wfm/workflow-engine/ports'; export type X = typeof door;",
  'db/memory.test.ts': "import { door } from '@wfm/workflow-engine/testing'; export const x = door;",
  'workflow-engine/definition/read-folder.ts':
    "import { readFile } from 'node:fs/promises'; export const x = readFile;",
};

describe('the import rules', () => {
  let tree: string;
  let found: Cruise;

  beforeAll(async () => {
    tree = mkdtempSync(join(tmpdir(), 'wfm-boundaries-'));
    plantTree(tree);
    found = await cruise(tree);
  });
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  test('every rule of the configuration has a planted violation', () => {
    const rules = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
      forbidden: { name: string; severity: string; comment: string }[];
    };
    expect(Object.keys(forbidden).toSorted()).toEqual(rules.forbidden.map((rule) => rule.name).toSorted());
    for (const rule of rules.forbidden) {
      expect(rule.severity).toBe('error');
      expect(rule.comment.length).toBeGreaterThan(40);
    }
  });

  test.each(Object.entries(forbidden))('%s finds what is planted', (name, files) => {
    const guilty = found.summary.violations.filter((violation) => violation.rule.name === name);
    expect(guilty.map((violation) => violation.from)).toContain(`backend/${Object.keys(files)[0]}`);
  });

  test.each(Object.keys(allowed))('%s is allowed', (file) => {
    expect(found.modules.map((module) => module.source)).toContain(`backend/${file}`);
    const guilty = found.summary.violations.filter((violation) => violation.from === `backend/${file}`);
    expect(guilty).toEqual([]);
  });
});

test('the real tree keeps every rule', async () => {
  const { modules, summary } = await cruise(root);
  // Without a TypeScript compiler that it knows, the tool skips every .ts file and finds nothing wrong.
  expect(modules.filter((module) => module.source.startsWith('backend/')).length).toBeGreaterThan(20);
  expect(summary.violations.map((violation) => `${violation.rule.name}: ${violation.from}`)).toEqual([]);
});

test('pages enter the engine by the doors that run in a browser, and no other package of the backend', () => {
  const doors = new Set(['models', 'definition', 'display', 'errors', 'schema', 'checks']);
  const imported = /^(?:import|export)(?! type)[^'"]*from '@wfm\/([\w-]+)(?:\/([\w-]+))?'/gm;
  const pages = readdirSync(join(root, 'ui'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => /^\w+\/src\/.*\.tsx?$/.test(path) && !path.includes('.test.'),
  );
  const wrong = pages.flatMap((path) =>
    [...readFileSync(join(root, 'ui', path), 'utf8').matchAll(imported)]
      .filter(([, name, door = '']) => name !== 'shared' && !(name === 'workflow-engine' && doors.has(door)))
      .map(([statement]) => `${path}: ${statement}`),
  );
  expect(pages.length).toBeGreaterThan(200);
  expect(wrong).toEqual([]);
});

function readManifest(folder: string): { name: string; exports: Record<string, string> } {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    exports?: Record<string, string>;
  };
  return { name: manifest.name, exports: manifest.exports ?? {} };
}

/** A copy of the house without furniture: the same packages and doors, every door a stub, and the plants. */
function plantTree(tree: string): void {
  cpSync(join(root, '.dependency-cruiser.cjs'), join(tree, '.dependency-cruiser.cjs'));
  writeFileSync(join(tree, 'package.json'), '{ "type": "module" }');
  write(tree, 'node_modules/vitest/package.json', '{ "name": "vitest", "exports": "./index.js", "type": "module" }');
  write(tree, 'node_modules/vitest/index.js', 'export const vi = 1;');
  mkdirSync(join(tree, 'node_modules/@wfm'));
  for (const name of readdirSync(join(root, 'backend'))) {
    const manifest = readManifest(join(root, 'backend', name));
    mkdirSync(join(tree, 'backend', name), { recursive: true });
    cpSync(join(root, 'backend', name, 'package.json'), join(tree, 'backend', name, 'package.json'));
    symlinkSync(join(tree, 'backend', name), join(tree, 'node_modules', manifest.name));
    for (const door of Object.values(manifest.exports))
      write(tree, `backend/${name}/${door}`, 'export const door = 1;');
  }
  write(tree, 'backend/workflow-engine/execution/decide.ts', 'export const decide = 1;');
  const planted = [...Object.values(forbidden).flatMap(Object.entries<string>), ...Object.entries(allowed)];
  for (const [file, source] of planted) write(tree, `backend/${file}`, source);
}

function write(tree: string, file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}
