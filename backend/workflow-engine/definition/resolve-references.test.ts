import { describe, expect, it } from 'vitest';
import { limits } from '../models/limits.ts';
import { hashOfBytes } from './canonical-json.ts';
import { resolveAlone, resolveReferences } from './resolve-references.ts';
import { locate } from './source-map.ts';
import { packageOf } from './testing/sample-modules.ts';
import { cpuMs } from '../testing/cpu-ms.ts';

function resolve(files: Record<string, unknown>) {
  return resolveReferences(packageOf({ 'wf.json': '{}', ...files }), 'wf.json');
}

/** The faults as `code place file pointer`. */
function faultsOf(files: Record<string, unknown>): string[] {
  return resolve(files).faults.map(({ code, place, file, pointer }) => [code, place, file, pointer].join(' '));
}

describe('3.1 what is a file reference', () => {
  it.each([
    ['a pointer of JSON Schema', { $ref: '#/$defs/x' }],
    ['an object with more keys', { $ref: 'a.txt', title: 'A' }],
    ['a $ref that is no text', { $ref: 3 }],
  ])('%s is left alone', (_name, node) => {
    expect(resolve({ 'wf.json': { a: node } })).toMatchObject({ resolved: { a: node }, faults: [] });
  });

  it('the type follows from the extension', () => {
    const files = { 'd.JSON': '{"n": 1}', 'a.j2': 'A', 'b.jinja': 'B', 'c.jinja2': 'C', 'e.md': 'E', 'f.json': '{}' };
    const references = [...Object.keys(files).map(($ref) => ({ $ref })), { $ref: 'f.json', type: 'text' }];
    expect(resolve({ 'wf.json': references, ...files }).resolved).toEqual([
      { n: 1 },
      expect.objectContaining({ type: 'jinja2', content: 'A' }),
      expect.objectContaining({ type: 'jinja2', content: 'B' }),
      expect.objectContaining({ type: 'jinja2', content: 'C' }),
      expect.objectContaining({ type: 'text', content: 'E' }),
      {},
      expect.objectContaining({ type: 'text', content: '{}' }),
    ]);
  });

  it('refuses an unknown type and a cache_ttl that is no number', () => {
    const faults = faultsOf({
      'wf.json': [
        { $ref: 'a.txt', type: 'image' },
        { $ref: 'a.txt', cache_ttl: 'x' },
      ],
      'a.txt': '',
    });
    expect(faults).toEqual(['ref_unresolvable [0] wf.json /0', 'definition_invalid [1] wf.json /1']);
  });
});

describe('3.2 paths', () => {
  it('are relative to the file that holds the reference', () => {
    const files = {
      'wf.json': { $ref: 'steps/one.json' },
      'steps/one.json': {
        text: { $ref: '../prompts/./a.txt' },
        same: { $ref: 'b.txt' },
        up: { $ref: '..\\prompts\\a.txt' },
      },
      'prompts/a.txt': 'A',
      'steps/b.txt': 'B',
    };
    const { resolved, faults } = resolve(files);
    expect(faults).toEqual([]);
    expect(resolved).toMatchObject({ text: { content: 'A' }, same: { content: 'B' }, up: { content: 'A' } });
  });

  it.each([
    '../wf.json',
    'a/../../wf.json',
    '/wf.json',
    'https://example.org/a.json',
    'file:///etc/passwd',
    'C:\\a.json',
    '..\\x',
  ])('%s leaves the package, even if it comes back', ($ref) => {
    expect(faultsOf({ 'wf.json': { a: { $ref } } })).toEqual(['ref_outside_package a wf.json /a']);
  });

  it('may climb within the package', () => {
    expect(
      faultsOf({ 'wf.json': { $ref: 'a/b/c.json' }, 'a/b/c.json': { x: { $ref: '../../d.txt' } }, 'd.txt': '' }),
    ).toEqual([]);
  });

  it('a missing file is named with the nearest one', () => {
    const { faults } = resolve({ 'wf.json': { a: { $ref: 'promts/ask.txt' } }, 'prompts/ask.txt': '' });
    expect(faults).toMatchObject([
      {
        code: 'ref_not_found',
        place: 'a',
        params: { nearest: 'prompts/ask.txt' },
        hint: 'Did you mean "prompts/ask.txt"?',
      },
    ]);
  });

  it('names are compared in one Unicode form', () => {
    expect(faultsOf({ 'wf.json': { $ref: 'caf\u0065\u0301.txt' }, 'caf\u00e9.txt': '' })).toEqual([]);
  });
});

describe('3.3 JSON files', () => {
  it('are spliced in, with their own references resolved', () => {
    const files = {
      'wf.json': { steps: [{ $ref: 's.json' }] },
      's.json': { step_id: 'a', modules: { $ref: 'm.json' } },
      'm.json': [1],
    };
    expect(resolve(files).resolved).toEqual({ steps: [{ step_id: 'a', modules: [1] }] });
  });

  it('a cycle is named with its chain, wherever it begins', () => {
    const { faults } = resolve({
      'wf.json': { a: { $ref: 'x.json' } },
      'x.json': { b: { $ref: 'y.json' } },
      'y.json': [{ $ref: 'x.json' }],
    });
    expect(faults).toMatchObject([
      {
        code: 'ref_cycle',
        place: 'a.b[0]',
        file: 'y.json',
        pointer: '/0',
        params: { chain: ['x.json', 'y.json', 'x.json'] },
      },
    ]);
    expect(faultsOf({ 'wf.json': { a: { $ref: 'wf.json' } } })).toEqual(['ref_cycle a wf.json /a']);
  });

  it('a file may be shown as text inside itself', () => {
    expect(faultsOf({ 'wf.json': { source: { $ref: 'wf.json', type: 'text' } } })).toEqual([]);
  });

  it(`${limits.refDepth} levels of references are the limit, also for a file that was read less deep before`, () => {
    const chain = (length: number): Record<string, unknown> => {
      const files: Record<string, unknown> = { [`f${length}.json`]: {} };
      for (let index = 0; index < length; index += 1)
        files[`f${index}.json`] = { next: { $ref: `f${index + 1}.json` } };
      return files;
    };
    const deep = limits.refDepth;
    expect(faultsOf({ ...chain(deep - 1), 'wf.json': { $ref: 'f0.json' } })).toEqual([]);
    expect(resolve({ ...chain(deep), 'wf.json': { $ref: 'f0.json' } }).faults).toMatchObject([
      { code: 'ref_too_deep' },
    ]);
    const early = {
      ...chain(deep - 1),
      'wf.json': [{ $ref: 'f2.json' }, { $ref: 'f0.json' }, { $ref: 'a.json' }],
      'a.json': { $ref: 'f0.json' },
    };
    expect(resolve(early).faults).toMatchObject([{ code: 'ref_too_deep', place: '[2]' }]);
  });

  it('bad JSON is named with file, line and column', () => {
    const { faults } = resolve({ 'wf.json': { a: { $ref: 'x.json' } }, 'x.json': '{\n "a": }' });
    expect(faults).toMatchObject([
      { code: 'json_invalid', place: 'a', file: 'x.json', pointer: '', params: { file: 'x.json', line: 2, column: 7 } },
    ]);
  });

  it('nesting, numbers and keys that no definition may have are refused', () => {
    const deep = '['.repeat(65) + ']'.repeat(65);
    expect(faultsOf({ 'wf.json': { a: { $ref: 'x.json' } }, 'x.json': deep })).toMatchObject([
      expect.stringMatching(/^json_too_deep a\[0\]/),
    ]);
    expect(faultsOf({ 'wf.json': '{"a": {"__proto__": 1}, "b": [1e999]}' })).toEqual([
      'definition_invalid b[0] wf.json /b/0',
      'definition_invalid a.__proto__ wf.json /a/__proto__',
    ]);
    expect(faultsOf({ 'wf.json': '['.repeat(500_000) + ']'.repeat(500_000) })).toHaveLength(1);
  });

  it('every fault is collected', () => {
    const faults = faultsOf({ 'wf.json': [{ $ref: 'a.txt' }, { $ref: 'b.json' }, { $ref: '../c' }], 'b.json': '{' });
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'ref_not_found',
      'json_invalid',
      'ref_outside_package',
    ]);
  });

  it('files that multiply each other are too large, at once', () => {
    const files: Record<string, unknown> = { 'f12.json': ['lol'.repeat(20)] };
    for (let index = 0; index < 12; index += 1)
      files[`f${index}.json`] = Array.from({ length: 50 }, () => ({ $ref: `f${index + 1}.json` }));
    const start = cpuMs();
    const { faults } = resolve({ ...files, 'wf.json': { $ref: 'f0.json' } });
    expect(faults.map(({ code }) => code)).toContain('definition_too_large');
    expect(cpuMs() - start).toBeLessThan(500);
  });

  it(`${limits.refFiles} files are the limit`, () => {
    const files: Record<string, unknown> = {};
    for (let index = 0; index <= limits.refFiles; index += 1) files[`f${index}.txt`] = '';
    const references = Object.keys(files).map(($ref) => ({ $ref }));
    expect(faultsOf({ ...files, 'wf.json': references })).toEqual([
      `too_many_refs [${limits.refFiles}] wf.json /${limits.refFiles}`,
    ]);
    expect(faultsOf({ ...files, 'wf.json': references.slice(1) })).toEqual([]);
  });
});

describe('3.6 typed nodes', () => {
  it('carry the text without its byte order mark, cache_ttl, and where they came from', () => {
    const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7b, 0x0d, 0x0a]);
    const { resolved } = resolve({ 'wf.json': { $ref: 'a.txt', cache_ttl: 60, comment: 'x' }, 'a.txt': bytes });
    expect(resolved).toEqual({
      type: 'text',
      content: '{{\r\n',
      cache_ttl: 60,
      $source: { path: 'a.txt', sha256: hashOfBytes(bytes) },
    });
  });

  it('1.3 a file that is not UTF-8 may not be referred to', () => {
    const files = {
      'wf.json': [{ $ref: 'a.png' }, { $ref: 'b.json' }],
      'a.png': new Uint8Array([0xff]),
      'b.json': new Uint8Array([0xff]),
    };
    expect(faultsOf(files)).toEqual(['ref_unresolvable [0] wf.json /0', 'ref_unresolvable [1] b.json ']);
  });
});

describe('1.4 a definition that came as JSON', () => {
  it('has no files, but may hold nodes that are expanded already', () => {
    const node = { type: 'text', content: '{{ x }}' };
    expect(resolveAlone({ a: node }).faults).toEqual([]);
    expect(resolveAlone({ a: [{ $ref: 'a.txt' }, { $ref: '#/x' }], b: { $ref: 'b.json' } }).faults).toMatchObject([
      { code: 'ref_unresolvable', place: 'a[0]' },
      { code: 'ref_unresolvable', place: 'b' },
    ]);
  });
});

describe('3.8, 4 what came from where', () => {
  const files = {
    'wf.json': { steps: [{ $ref: 'a/step.json' }, { $ref: 'a/step.json' }] },
    'a/step.json': { $ref: 'real.json' },
    'a/real.json': { modules: [{ prompt: { $ref: 'p.txt' }, 'odd/key': 1 }] },
    'a/p.txt': 'P',
    'notes.md': 'unused',
  };

  it('lists files that nothing refers to', () => {
    expect(resolve(files).sources?.unused).toEqual(['notes.md']);
  });

  it.each([
    ['', 'wf.json', ''],
    ['steps', 'wf.json', '/steps'],
    ['steps[1]', 'a/real.json', ''],
    ['steps[0].modules[0]["odd/key"]', 'a/real.json', '/modules/0/odd~1key'],
    ['steps[1].modules[0].prompt', 'a/p.txt', ''],
    ['steps[1].modules[0].prompt.content', 'a/p.txt', ''],
  ])('%j is in %s at %j', (place, file, pointer) => {
    const { sources } = resolve(files);
    expect(sources && locate(sources, place)).toEqual({ file, pointer });
  });
});
