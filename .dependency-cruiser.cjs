// Who may import whom. Each rule says why it exists, so that whoever meets it knows where the code belongs instead.
// scripts/boundaries.test.ts plants one forbidden import per rule and expects it to be found.
const { readdirSync, readFileSync, existsSync } = require('node:fs');
const { join } = require('node:path');

const programs = 'server|worker|virtual-server|cli';
const adapters = 'db|providers';
const engine = '^backend/workflow-engine/';

/** Code that only tests run: it may reach further than the product. */
const tests = String.raw`\.(test|testsuite)\.ts$|/testing/|/fixtures/`;

/** Folders of the engine that a page loads too. */
const browserSafe = `${engine}(models|definition|display|errors|schema)/`;

/** Files in those folders that read folders and archives; the main door offers them, the browser doors do not. */
const readsFiles = `${engine}definition/read-(folder|zip)\\.ts$`;

/** How a Node built-in looks once resolved: a name alone, where every file has an extension. */
const builtins = '^[a-z0-9_:/]+$';

/** Every file that some package's `exports` name: the doors by which others may enter. */
const doors = packageDoors('backend');

function packageDoors(parent) {
  const targets = [];
  for (const name of readdirSync(parent)) {
    const manifest = join(parent, name, 'package.json');
    if (!existsSync(manifest)) continue;
    for (const target of Object.values(JSON.parse(readFileSync(manifest, 'utf8')).exports ?? {})) {
      targets.push(`${parent}/${name}/${target.replace('./', '')}`);
    }
  }
  return `^(${targets.map((target) => target.replaceAll('.', String.raw`\.`)).join('|')})$`;
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one idea cut in the wrong place: move what both need into a third.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      comment:
        'This import leads nowhere. If it names a file inside another package, that package does not export it: ' +
        'import from one of the doors listed under "exports" in its package.json.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'through-the-doors',
      severity: 'error',
      comment:
        'Another package is entered by its doors only (the "exports" of its package.json). If what you need is not ' +
        'there, add it to a door on purpose, or ask whether it belongs to your package.',
      from: { path: '^([^/]+/[^/]+)/' },
      to: { path: '^backend/', pathNot: [doors, '^$1/'] },
    },
    {
      name: 'by-package-name',
      severity: 'error',
      comment: 'Write `@wfm/name`, not a path that climbs out of the package: only the name goes through "exports".',
      from: { path: '^backend/([^/]+)/' },
      to: { path: '^backend/', pathNot: '^backend/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'engine-stands-alone',
      severity: 'error',
      comment:
        'The engine says what a workflow means and imports nothing of ours. What it needs from outside is a port in ' +
        'workflow-engine/ports that db or providers implement and a program hands in.',
      from: { path: engine },
      to: { path: '^backend/', pathNot: engine },
    },
    {
      name: 'adapters-know-ports-only',
      severity: 'error',
      comment:
        'db and providers implement the engine’s ports. They see ports, models, errors, events, schema and (in tests) ' +
        'testing, never how the engine executes. A rule that both need belongs to the engine’s models.',
      from: { path: `^backend/(${adapters})/` },
      to: { path: engine, pathNot: `${engine}(ports|models|errors|events|schema|testing)/` },
    },
    {
      name: 'adapters-stand-alone',
      severity: 'error',
      comment: 'db and providers do not know each other: a program puts them together in its compose.ts.',
      from: { path: `^backend/(${adapters})/` },
      to: { path: `^backend/(${adapters})/`, pathNot: '^backend/$1/' },
    },
    {
      name: 'servers-stand-alone',
      severity: 'error',
      comment:
        'server, worker and virtual-server are separate programs. A small helper may exist twice; a rule that two of ' +
        'them need is written once, in a package that both import.',
      from: { path: '^backend/(server|worker|virtual-server)/' },
      to: { path: '^backend/(server|worker|virtual-server)/', pathNot: '^backend/$1/' },
    },
    {
      name: 'programs-are-not-libraries',
      severity: 'error',
      comment: 'A program is started, never imported. What others need from it belongs in the engine, db or providers.',
      from: { path: '^backend/([^/]+)/' },
      to: { path: `^backend/(${programs})/`, pathNot: '^backend/$1/' },
    },
    {
      name: 'mock-only-in-previews',
      severity: 'error',
      comment:
        'Mock answers must be impossible to load in production. Only the virtual server and the CLI’s previews ' +
        'import workflow-engine/mock; everybody else takes the port `answerer`.',
      from: { path: '^backend/', pathNot: [`${engine}mock/`, '^backend/(virtual-server|cli)/', tests] },
      to: { path: `${engine}mock/` },
    },
    {
      name: 'mock-out-of-reach',
      severity: 'error',
      comment:
        'Something that a production program loads leads to workflow-engine/mock. Follow the chain shown and cut it ' +
        'where production code takes a mock for granted.',
      from: { path: '^backend/(server|worker)/', pathNot: tests },
      to: { path: `${engine}mock/`, reachable: true },
    },
    {
      name: 'testing-only-in-tests',
      severity: 'error',
      comment: 'Contract suites, fakes and sample runs are for tests; the product must not depend on them.',
      from: { path: '^backend/', pathNot: tests },
      to: { path: String.raw`^backend/[^/]+/testing/|\.(test|testsuite)\.ts$` },
    },
    {
      name: 'composed-in-one-place',
      severity: 'error',
      comment:
        'Only compose.ts of a program (and a command of the CLI) chooses a database and providers. Everything else ' +
        'takes ports as arguments, so that a test can hand in twins. config.ts reads their settings. Importing a type is fine.',
      from: {
        path: `^backend/(${programs})/`,
        pathNot: [`^backend/(${programs})/(compose|config)\\.ts$`, '^backend/cli/commands/', tests],
      },
      to: { path: `^backend/(${adapters})/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'browser-folders-without-node',
      severity: 'error',
      comment:
        'models, definition, display, errors and schema also run in a page: no Node built-in here. Only ' +
        'definition/read-folder.ts and read-zip.ts read files, and no browser door exports them.',
      from: { path: browserSafe, pathNot: [readsFiles, tests] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'browser-doors-without-node',
      severity: 'error',
      comment: 'A door that a page loads leads to a Node built-in or to a library of Node. Follow the chain shown.',
      from: { path: `${engine}(models|definition|display|errors|schema|checks)/index\\.ts$` },
      to: { path: `${builtins}|node_modules/yauzl/`, reachable: true },
    },
    {
      name: 'product-without-dev-tools',
      severity: 'error',
      comment: 'The product imports a package that only development installs: move it to "dependencies", or out.',
      from: { path: '^backend/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], pathNot: '/@types/' },
    },
  ],
  options: {
    // What is drawn within itself is written in a circle, so the pages have rules of their own.
    doNotFollow: { path: 'node_modules|^ui/' },
    exclude: { path: '^(\\.tsc|dist|coverage|data)/' },
    // Imports of types count too: a type that crosses a boundary couples the two sides as much as a value does.
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
