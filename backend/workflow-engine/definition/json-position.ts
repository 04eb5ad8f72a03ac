import { WfmError } from '../errors/index.ts';

/**
 * Parses JSON text. `file` names it in the error.
 * Throws `json_invalid` with `line` and `column` (both from 1) and what was expected there.
 */
export function parseJson(text: string, file?: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const fault = findJsonFault(text) ?? { offset: text.length, reason: 'the JSON cannot be read' };
    const before = text.slice(0, fault.offset);
    const line = before.split('\n').length;
    const column = fault.offset - before.lastIndexOf('\n');
    const where = file === undefined ? '' : ` of ${file}`;
    const params = { ...(file === undefined ? {} : { file }), line, column };
    throw new WfmError('json_invalid', `Line ${line}, column ${column}${where}: ${fault.reason}.`, { params });
  }
}

type Expect = 'value' | 'first-item' | 'first-key' | 'key' | 'colon' | 'next';

/** Where a JSON text stops being JSON, which engines do not say reliably. Undefined when it is JSON. No recursion. */
export function findJsonFault(text: string): { offset: number; reason: string } | undefined {
  const open: ('{' | '[')[] = [];
  let expect: Expect = 'value';
  let at = 0;
  for (;;) {
    at = skipSpace(text, at);
    const char = text[at];
    if (expect === 'next') {
      const inside = open.at(-1);
      if (inside === undefined)
        return char === undefined ? undefined : { offset: at, reason: 'nothing may follow the end of the JSON' };
      if (char === ',') expect = inside === '{' ? 'key' : 'value';
      else if (char === closers[inside]) open.pop();
      else return { offset: at, reason: `"," or "${closers[inside]}" was expected, ${seen(char)}` };
      at += 1;
    } else if (expect === 'colon') {
      if (char !== ':') return { offset: at, reason: `":" was expected, ${seen(char)}` };
      expect = 'value';
      at += 1;
    } else if (expect === 'key' || expect === 'first-key') {
      if (expect === 'first-key' && char === '}') {
        open.pop();
        expect = 'next';
        at += 1;
        continue;
      }
      if (char !== '"') return { offset: at, reason: `a key in double quotes was expected, ${seen(char)}` };
      const end = endOfString(text, at);
      if (typeof end !== 'number') return end;
      at = end;
      expect = 'colon';
    } else {
      if (expect === 'first-item' && char === ']') {
        open.pop();
        expect = 'next';
        at += 1;
        continue;
      }
      if (char === '{' || char === '[') {
        open.push(char);
        expect = char === '{' ? 'first-key' : 'first-item';
        at += 1;
        continue;
      }
      const end = endOfScalar(text, at);
      if (typeof end !== 'number') return end;
      at = end;
      expect = 'next';
    }
  }
}

const closers = { '{': '}', '[': ']' } as const;
const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

function seen(char: string | undefined): string {
  return char === undefined ? 'but the text ends' : `not ${JSON.stringify(char)}`;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at] as string)) at += 1;
  return at;
}

function endOfScalar(text: string, at: number): number | { offset: number; reason: string } {
  if (text[at] === '"') return endOfString(text, at);
  scalar.lastIndex = at;
  const found = scalar.exec(text);
  if (found) return at + found[0].length;
  return { offset: at, reason: `a value was expected, ${seen(text[at])}` };
}

function endOfString(text: string, start: number): number | { offset: number; reason: string } {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return { offset: at, reason: 'a line break or control character must be escaped inside a text' };
    if (code !== 0x5c) continue;
    const escape = text[at + 1] ?? '';
    if (escape === 'u' && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6))) at += 5;
    else if (escape !== '' && '"\\/bfnrt'.includes(escape)) at += 1;
    else return { offset: at, reason: 'this escape is not one of JSON' };
  }
  return { offset: start, reason: 'this text has no closing quote' };
}
