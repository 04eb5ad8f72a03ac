import { describe, expect, it } from 'vitest';
import { chooseEntryPoint, foldName, packagePath, textOf } from './package-files.ts';
import { packageOf } from './testing/sample-modules.ts';

describe('1.2 paths of a package', () => {
  it.each([
    ['a/b.json', 'a/b.json'],
    ['./a//b.json', 'a/b.json'],
    ['a\\b.json', 'a/b.json'],
    ['a/../b.json', 'b.json'],
    ['e\u0301.txt', '\u00e9.txt'],
    ['folder/', undefined],
    ['./', undefined],
  ])('%j is %j', (name, path) => {
    expect(packagePath(name)).toBe(path);
  });

  it.each(['/etc/passwd', '\\\\server\\share', 'C:\\x', 'c:x', '../x', 'a/../../x', 'a/../../a/x', 'x\0.json'])(
    '%j is refused',
    (name) => {
      expect(() => packagePath(name)).toThrow(expect.objectContaining({ code: 'zip_entry_refused' }));
    },
  );

  it('names that a file system may confuse fold to one', () => {
    expect(foldName('Stra\u00dfe.TXT')).toBe(foldName('STRASSE.txt'));
    expect(foldName('E\u0301')).toBe(foldName('\u00e9'));
    expect(foldName('a')).not.toBe(foldName('b'));
  });
});

describe('1.3 text', () => {
  it('drops a byte order mark and knows what is not UTF-8', () => {
    expect(textOf(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe('a');
    expect(textOf(new Uint8Array([0xff, 0xfe]))).toBeUndefined();
  });
});

describe('1.1 entry point', () => {
  const workflow = { workflow_id: 'x', steps: [] };

  it('is the file that is named, in any spelling of its path', () => {
    const files = packageOf({ 'a/wf.json': workflow, 'b.json': workflow });
    expect(chooseEntryPoint(files, './a\\wf.json')).toBe('a/wf.json');
  });

  it('is else the only JSON file at the root that looks like a workflow', () => {
    const files = packageOf({ 'wf.json': workflow, 'data.json': { steps: [] }, 'deep/other.json': workflow });
    expect(chooseEntryPoint(files)).toBe('wf.json');
  });

  it('is missing when several files, or none, look like one', () => {
    const several = packageOf({ 'a.json': workflow, 'b.json': workflow });
    expect(() => chooseEntryPoint(several)).toThrow(
      expect.objectContaining({ code: 'entry_point_missing', params: { candidates: ['a.json', 'b.json'] } }),
    );
    expect(() => chooseEntryPoint(packageOf({ 'x/wf.json': workflow }))).toThrow(
      expect.objectContaining({ code: 'entry_point_missing' }),
    );
    expect(() => chooseEntryPoint(packageOf({ 'wf.json': workflow }), '../wf.json')).toThrow(
      expect.objectContaining({ code: 'entry_point_missing' }),
    );
  });

  it('tells where the JSON of a candidate is broken', () => {
    expect(() => chooseEntryPoint(packageOf({ 'wf.json': '{"workflow_id": }' }))).toThrow(
      expect.objectContaining({
        code: 'entry_point_missing',
        errors: [expect.objectContaining({ code: 'json_invalid', params: { file: 'wf.json', line: 1, column: 17 } })],
      }),
    );
  });
});
