import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { templateFilters, templateTests } from './definition/template/index.ts';
import { describeCode, errorCodes, isErrorCode } from './errors/index.ts';
import { limits } from './models/limits.ts';
import type { Module } from './modules/module.ts';
import { standardModules } from './modules/standard-modules.ts';

/** What SPEC.md and ERRORS.md say is held against the code, so that a reader may trust them. */

const engine = import.meta.dirname;
const root = join(engine, '../..');
const spec = readFileSync(join(engine, 'SPEC.md'), 'utf8');
const errors = readFileSync(join(engine, 'ERRORS.md'), 'utf8');

/** Cells of the tables of a part, a row each; heads and rules between them are left out. */
function rowsOf(text: string): string[][] {
  const lines = text.split('\n');
  const isRule = (line: string | undefined): boolean => /^\|[-| ]+\|$/.test(line ?? '');
  return lines
    .filter((line, index) => line.startsWith('|') && !isRule(line) && !isRule(lines[index + 1]))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

/** The text below a heading, up to the next one of its level. */
function part(text: string, heading: string): string {
  const level = heading.slice(0, heading.indexOf(' ') + 1);
  const from = text.indexOf(`\n${heading}\n`);
  if (from === -1) throw new Error(`there is no "${heading}"`);
  const end = text.indexOf(`\n${level}`, from + heading.length);
  return text.slice(from, end === -1 ? undefined : end);
}

const names = (cell: string | undefined, pattern: RegExp): string[] =>
  [...(cell ?? '').matchAll(pattern)].map((match) => match[1] ?? '').sort();

describe('24 ERRORS.md', () => {
  const listed = [...errors.matchAll(/^## (\w+)$/gm)].flatMap(([, kind = '']) =>
    rowsOf(part(errors, `## ${kind}`)).map(([cell, ...texts]) => ({ code: cell?.replaceAll('`', ''), kind, texts })),
  );

  it('24 has a row for every code, below its kind, and for no other', () => {
    const known = errorCodes.map((code) => ({ code, kind: describeCode(code).kind }));
    expect(listed.map(({ code, kind }) => ({ code, kind }))).toEqual(known);
  });

  it('24 says of each when it happens and what to do', () => {
    const isSentence = (text: string): boolean => /\w{3}.*\.$/.test(text);
    const poor = listed.filter(({ texts }) => texts.length !== 2 || !texts.every(isSentence));
    expect(poor.map(({ code }) => code)).toEqual([]);
  });
});

describe('SPEC.md', () => {
  it('every rule that a test title cites is there', () => {
    const known = definedRules();
    const unknown = testFiles().flatMap((path) =>
      citedRules(readFileSync(join(root, path), 'utf8'))
        .filter((rule) => !known.has(rule))
        .map((rule) => `${rule} in ${path}`),
    );
    expect(unknown).toEqual([]);
  });

  it('citations are found in every form of a title', () => {
    const titles = `it('5.4, 5.5 a'); describe("10.4.2 b"); test.each([[1]])(\`22.1 S16 c\`); it('3.4 to 3.9 d (R7)')`;
    expect(citedRules(titles)).toEqual(['5.4', '5.5', '10.4.2', '22.1', 'S16', '3.4', '3.9', 'R7']);
    const others = `it('law 6: a'); it('20 b'); it('64 levels'); it('10 000 c'); parse('2.5 d'); it('1.10 e of 50')`;
    expect(citedRules(others)).toEqual(['Law 6', '20', '1.10']);
  });

  it('14 has a row for every module, with its kind, inputs and outputs', () => {
    const rows = rowsOf(part(spec, '## 14. Modules')).filter(([id]) => id?.startsWith('`'));
    const written = rows.map(([id, kind, inputs, outputs]) => ({
      id: id?.replaceAll('`', ''),
      kind,
      inputs: names(inputs, /`(\w+)`/g),
      required: names(inputs, /★`(\w+)`/g),
      outputs: names(outputs, /`(\w+)`/g),
    }));
    const byId = (a: { id?: string | undefined }, b: { id?: string | undefined }): number =>
      (a.id ?? '') < (b.id ?? '') ? -1 : 1;
    expect(written.sort(byId)).toEqual(standardModules.map(described).sort(byId));
  });

  it('6.2, 6.3 the lists of filters and tests are those of the code', () => {
    const listed = (heading: string): string[] => (/`([^`]+)`/.exec(part(spec, heading))?.[1] ?? '').split(/\s+/);
    expect(listed('### 6.2 Filters')).toEqual(templateFilters);
    expect(listed('### 6.3 Tests')).toEqual(templateTests);
  });

  it('23 the limits are those of the code', () => {
    const rows = rowsOf(part(spec, '## 23. Limits'));
    const written = rows.map(([key, value]) => [key?.replaceAll('`', ''), amountOf(value ?? '')]);
    expect(Object.fromEntries(written)).toEqual(limits);
    const codes = rows.flatMap(([, , , code]) => names(code, /`(\w+)`/g));
    expect(codes.filter((code) => !isErrorCode(code) && code !== 'processing')).toEqual([]);
  });

  it('every code, and every file of ours that it points to, exists', () => {
    // Reasons look like codes, and are none.
    const text = spec.replace(part(spec, '### 10.9 Reasons'), '');
    const codes = names(text, /`([a-z]+(?:_[a-z]+)+)`/g).filter((name) =>
      /_(?:invalid|refused|limit|too_large|not_found|unsupported)$/.test(name),
    );
    expect(codes.filter((code) => !isErrorCode(code))).toEqual([]);
    const links = names(spec, /\]\(([^)#:]+)\)/g);
    expect(links.filter((link) => !existsSync(join(engine, link)))).toEqual([]);
  });
});

/** Numbers that SPEC.md gives a meaning: in headings, at the start of rows, and before a `·` in running text. */
function definedRules(): Set<string> {
  const rules = /(\d+(?:\.\d+)+|[RS]\d+|Law \d)/g;
  const isRules = new RegExp(`^${rules.source}(?:, ${rules.source})*$`);
  const headings = names(spec, /^#+ (\d+(?:\.\d+)*)\b/gm);
  const running = names(spec, /(\d+\.\d+) · /g);
  const inRows = rowsOf(spec).flatMap(([cell]) => (isRules.test(cell ?? '') ? names(cell, rules) : []));
  return new Set([...headings, ...running, ...inRows]);
}

/** One citation: a law, a promise, a rule, or a whole section; `10 000` and `64 levels` are counts. */
const citation = /[Ll]aw \d|[RS]\d+|\d+(?:\.\d+)+|(?:1?\d|2[0-5])(?![.\d]| \d{3})/;
const leading = new RegExp(`^(?:${citation.source})(?:(?:, | to |-| )(?:${citation.source})(?=[ ,:-]|$))*(?=[ ,:-]|$)`);

/** Rules that a file's test titles cite: at their beginning, joined by a comma, a dash or "to"; promises in brackets too. */
function citedRules(source: string): string[] {
  const titles = source.matchAll(/(?:\b(?:describe|it|test)(?:\.\w+)*|\))\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g);
  return [...titles].flatMap(([, , title = '']) => {
    const lead = leading.exec(title)?.[0] ?? '';
    const cited = [...lead.matchAll(new RegExp(citation, 'g'))].map(([rule]) => rule.replace('law', 'Law'));
    const bracketed = [...title.matchAll(/\(([RS]\d+)\)/g)].map(([, rule = '']) => rule);
    return [...cited, ...bracketed];
  });
}

function testFiles(): string[] {
  return ['backend', 'e2e', 'scripts', 'workflows'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(?:test|testsuite)\.ts$/.test(path) && !path.includes('node_modules'))
      .map((path) => join(folder, path)),
  );
}

function described(module: Module) {
  const own = module.kind === 'effect' && module.ownStore === true;
  const inputs = z.toJSONSchema(module.inputs, { io: 'input', unrepresentable: 'any' });
  return {
    id: module.id,
    kind: own ? 'Es' : module.kind.charAt(0).toUpperCase(),
    inputs: Object.keys(module.inputs.shape).sort(),
    required: [...(inputs.required ?? [])].sort(),
    outputs: Object.keys(module.outputs.shape).sort(),
  };
}

const units: Record<string, number> = { KiB: 1024, MiB: 1024 ** 2, s: 1000, min: 60_000 };

/** `20 MiB`, `2 s`, `100 000` as bytes, milliseconds, a count. */
function amountOf(text: string): number {
  const [, digits = '', unit] = /^([\d ]+?)(?: ([A-Za-z]+))?$/.exec(text) ?? [];
  return Number(digits.replaceAll(' ', '')) * (unit === undefined ? 1 : (units[unit] ?? Number.NaN));
}
