import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const starts = "import { spawn } from 'node:child_process';\nexport const x = spawn;\n";

/** House rules by what breaks them: rule, file, source. */
const red: [rule: string, file: string, source: string][] = [
  ['no-explicit-any', 'backend/server/any.ts', 'export const x = (value: any): string => String(value);\n'],
  ['no-default-export', 'backend/server/default-export.ts', 'const x = 1;\nexport default x;\n'],
  ['no-eval', 'backend/server/evaluates.ts', "export const x = eval('1');\n"],
  ['no-new-func', 'backend/server/makes-function.ts', "export const x = new Function('return 1');\n"],
  [
    'no-restricted-imports',
    'backend/server/uses-vm.ts',
    "import { runInNewContext } from 'node:vm';\nexport const x = runInNewContext;\n",
  ],
  [
    'no-restricted-imports',
    'scripts/uses-vm.ts',
    "import { runInNewContext } from 'vm';\nexport const x = runInNewContext;\n",
  ],
  ['no-restricted-imports', 'backend/server/starts-process.ts', starts],
  ['no-restricted-imports', 'backend/cli/commands/run.ts', starts],
  [
    'no-restricted-globals',
    'backend/server/native-regex.ts',
    'export const x = (text: string): unknown => new RegExp(text);\n',
  ],
  ['no-floating-promises', 'backend/server/floats.ts', 'export function x(): void {\n  Promise.resolve(1);\n}\n'],
  [
    'no-unsafe-assignment',
    'backend/server/leaks-any.ts',
    "export function x(): number {\n  const y = JSON.parse('1');\n  return Number(y);\n}\n",
  ],
  ['no-unused-vars', 'backend/server/unused.ts', 'const x = 1;\nexport const y = 2;\n'],
  ['no-console', 'backend/server/prints.ts', "console.log('here');\nexport const x = 1;\n"],
  ['max-lines', 'backend/server/long.ts', 'export const x = [\n' + '  1,\n'.repeat(400) + '];\n'],
  ['max-lines', 'backend/server/long.test.ts', 'export const x = [\n' + '  1,\n'.repeat(600) + '];\n'],
  ['filename-case', 'backend/server/camelCase.ts', 'export const x = 1;\n'],
  [
    'no-focused-tests',
    'backend/server/focused.test.ts',
    "import { expect, test } from 'vitest';\ntest.only('x', () => expect(1).toBe(1));\n",
  ],
  [
    'no-disabled-tests',
    'backend/server/skipped.test.ts',
    "import { expect, test } from 'vitest';\ntest.skip('x', () => expect(1).toBe(1));\n",
  ],
  ['expect-expect', 'backend/server/asserts-nothing.test.ts', "import { test } from 'vitest';\ntest('x', () => {});\n"],
];

const green: [file: string, source: string][] = [
  ['backend/cli/dev/supervisor.ts', starts],
  ['backend/virtual-server/runner/pool.ts', starts],
  ['backend/providers/media/local/encode.ts', starts],
  ['scripts/starts.ts', starts],
  ['backend/server/kills.test.ts', starts],
  ['backend/cli/commands/prints.ts', "console.log('here');\nexport const x = 1;\n"],
  ['backend/server/names-a-pattern.ts', 'export const x = (pattern: RegExp): string => pattern.source;\n'],
  ['vitest.config.ts', 'export default {};\n'],
  ['backend/server/long-but-fine.test.ts', 'export const x = [\n' + '  1,\n'.repeat(500) + '];\n'],
];

interface Diagnostic {
  code: string;
  filename: string;
}

describe('the lint rules', () => {
  let tree: string;
  let found: Diagnostic[];

  beforeAll(async () => {
    tree = mkdtempSync(join(tmpdir(), 'wfm-lint-'));
    cpSync(join(root, '.oxlintrc.json'), join(tree, '.oxlintrc.json'));
    cpSync(join(root, 'tsconfig.base.json'), join(tree, 'tsconfig.base.json'));
    writeFileSync(join(tree, 'tsconfig.json'), '{ "extends": "./tsconfig.base.json", "include": ["**/*.ts"] }');
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
    for (const [file, source] of [...red.map(([, ...rest]) => rest), ...green]) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), source);
    }
    found = await lint(tree);
  });
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  test.each(red)('%s is red in %s', (rule, file) => {
    const codes = found.filter((diagnostic) => diagnostic.filename === file).map((diagnostic) => diagnostic.code);
    expect(codes).toContainEqual(expect.stringContaining(`(${rule})`));
  });

  test.each(green)('%s is green', (file) => {
    expect(found.filter((diagnostic) => diagnostic.filename === file)).toEqual([]);
  });
});

/** oxlint's findings; its exit code says only that there are some. */
function lint(cwd: string): Promise<Diagnostic[]> {
  const args = [
    join(root, 'node_modules/oxlint/bin/oxlint'),
    '--type-aware',
    '--format=json',
    'backend',
    'scripts',
    'vitest.config.ts',
  ];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      try {
        resolve((JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics);
      } catch {
        reject(new Error(`oxlint gave no report: ${stderr}${stdout}`, { cause: error }));
      }
    });
  });
}
