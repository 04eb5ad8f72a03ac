import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWfmError } from '../../../errors/index.ts';
import { runs } from '../../../testing/runs.ts';
import { filedUnder, safeBaseName } from './file-names.ts';

describe('safeBaseName', () => {
  it.each([
    ['card.txt', 'card.txt'],
    ['a/b/card.txt', 'card.txt'],
    ['C:\\temp\\card.txt', 'card.txt'],
    ['../../etc/passwd', 'passwd'],
    ['.env', 'env'],
    ['..hidden.txt', 'hidden.txt'],
    ['what?*.txt', 'what__.txt'],
    ['tail. . ', 'tail'],
    ['con.txt', '_con.txt'],
    ['LPT1', '_LPT1'],
    ['a\u0000b\n.txt', 'ab.txt'],
    ['\u202Etxt.exe', 'txt.exe'],
    ['cafe\u0301.txt', 'caf\u00e9.txt'],
    [`${'x'.repeat(300)}.json`, `${'x'.repeat(195)}.json`],
  ])('14.3 %j is reduced to %j', (path, name) => {
    expect(safeBaseName(path)).toBe(name);
  });

  it.each(['', '/', '..', 'a/', '. .', '\u0000'])('14.3 nothing left is file_path_refused: %j', (path) => {
    expect(() => safeBaseName(path)).toThrow(expect.objectContaining({ code: 'file_path_refused' }));
  });

  it('14.3 law: a name is safe, and reducing it again changes nothing', () => {
    const part = fc.constantFrom(
      '.',
      '..',
      '/',
      '\\',
      ':',
      ' ',
      'a',
      'Z',
      'con',
      '\u0000',
      '\u202e',
      'é',
      '\ud800',
      '*',
      '~',
      '-',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (path) => {
          const name = nameOrNull(path);
          if (name === null) return;
          expect(safeBaseName(name)).toBe(name);
          expect(name).not.toMatch(/[/\\\p{Cc}<>:"|?*]|^\.|[. ]$/u);
        },
      ),
      { numRuns: runs(500, 20_000) },
    );
  });
});

function nameOrNull(path: string): string | null {
  try {
    return safeBaseName(path);
  } catch (thrown) {
    if (isWfmError(thrown) && thrown.code === 'file_path_refused') return null;
    throw thrown;
  }
}

describe('filedUnder', () => {
  it.each([
    [undefined, { category: 'outputs', group: null }],
    ['', { category: 'outputs', group: null }],
    ['outputs', { category: 'outputs', group: null }],
    ['root', { category: 'root', group: null }],
    ['posters', { category: 'outputs', group: 'posters' }],
    ['outputs/posters', { category: 'outputs', group: 'posters' }],
    ['a/b', { category: 'outputs', group: 'a-b' }],
  ])('14.3 target_path %j', (target, filed) => {
    expect(filedUnder(target)).toEqual(filed);
  });
});
