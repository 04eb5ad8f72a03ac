import type { Keyword } from './arguments.ts';
import type { Expression, LiteralNode } from './syntax-tree.ts';
import type { TokenStream } from './token-stream.ts';

const constants: Record<string, boolean | null> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};
const reserved = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else', 'elif']);

/** Reads a whole expression; handed in, since an expression holds primaries and a primary holds expressions. */
type Parse = (stream: TokenStream) => Expression;

/** A literal, a name or brackets, with the accesses and calls behind it. */
export function parsePrimary(stream: TokenStream, parse: Parse): Expression {
  let node = parseAtom(stream, parse);
  for (;;) {
    const start = node.start;
    if (stream.accept('.')) {
      const token = stream.current;
      if (token.kind !== 'name' && token.kind !== 'number') stream.unexpected('a name behind "."');
      stream.next();
      const name = token.kind === 'name' ? token.text : token.number;
      node = { kind: 'attribute', object: node, name, start, end: token.end, height: stream.heightAbove(node.height) };
    } else if (stream.accept('[')) {
      const object = node;
      node = stream.nested(() => parseSubscript(stream, object, parse));
    } else if (stream.accept('(')) {
      const { args, keywords } = readArguments(stream, parse);
      const heights = [...args, ...keywords.map((keyword) => keyword.value)].map((child) => child.height);
      const height = stream.heightAbove(node.height, tallest(heights));
      node = { kind: 'call', callee: node, args, keywords, start, end: stream.readUpTo, height };
    } else {
      return node;
    }
  }
}

function parseSubscript(stream: TokenStream, object: Expression, parse: Parse): Expression {
  const { start } = object;
  const part = (): Expression | null => (stream.isOperator(':') || stream.isOperator(']') ? null : parse(stream));
  const from = part();
  if (from !== null && stream.accept(']')) {
    const height = stream.heightAbove(object.height, from.height);
    return { kind: 'index', object, index: from, start, end: stream.readUpTo, height };
  }
  stream.expect(':');
  const to = part();
  const step = stream.accept(':') ? part() : null;
  stream.expect(']');
  const height = stream.heightAbove(object.height, from?.height ?? 0, to?.height ?? 0, step?.height ?? 0);
  return { kind: 'slice', object, from, to, step, start, end: stream.readUpTo, height };
}

function parseAtom(stream: TokenStream, parse: Parse): Expression {
  const token = stream.current;
  const { start, end } = token;
  switch (token.kind) {
    case 'number':
      stream.next();
      return { kind: 'literal', value: token.number, start, end, height: 1 };
    case 'string':
      return parseText(stream);
    case 'name': {
      if (reserved.has(token.text)) return stream.unexpected('a value');
      stream.next();
      if (!Object.hasOwn(constants, token.text)) return { kind: 'name', name: token.text, start, end, height: 1 };
      return { kind: 'literal', value: constants[token.text] as boolean | null, start, end, height: 1 };
    }
    default:
      if (stream.accept('(')) return stream.nested(() => parseBrackets(stream, start, parse));
      if (stream.accept('[')) return stream.nested(() => parseItems(stream, start, [], ']', parse));
      if (stream.accept('{')) return stream.nested(() => parseDict(stream, start, parse));
      return stream.unexpected('a value');
  }
}

/** Texts that stand side by side are one. */
function parseText(stream: TokenStream): LiteralNode {
  const { start } = stream.current;
  let value = '';
  while (stream.current.kind === 'string') value += stream.next().text;
  return { kind: 'literal', value, start, end: stream.readUpTo, height: 1 };
}

/** `(x)` is x; `()`, `(x,)` and `(x, y)` are lists. */
function parseBrackets(stream: TokenStream, start: number, parse: Parse): Expression {
  if (stream.isOperator(')')) return parseItems(stream, start, [], ')', parse);
  const first = parse(stream);
  if (stream.accept(')')) return { ...first, start, end: stream.readUpTo };
  stream.expect(',');
  return parseItems(stream, start, [first], ')', parse);
}

function parseItems(
  stream: TokenStream,
  start: number,
  items: Expression[],
  close: ']' | ')',
  parse: Parse,
): Expression {
  while (!stream.accept(close)) {
    items.push(parse(stream));
    if (!stream.isOperator(close)) stream.expect(',');
  }
  const height = stream.heightAbove(tallest(items.map((item) => item.height)));
  return { kind: 'list', items, start, end: stream.readUpTo, height };
}

function parseDict(stream: TokenStream, start: number, parse: Parse): Expression {
  const entries: [Expression, Expression][] = [];
  while (!stream.accept('}')) {
    const key = parse(stream);
    stream.expect(':');
    entries.push([key, parse(stream)]);
    if (!stream.isOperator('}')) stream.expect(',');
  }
  const height = stream.heightAbove(tallest(entries.flat().map((child) => child.height)));
  return { kind: 'dict', entries, start, end: stream.readUpTo, height };
}

/** What stands in the brackets of a call, the opening one read already. */
export function readArguments(
  stream: TokenStream,
  parse: Parse,
): { args: Expression[]; keywords: Keyword<Expression>[] } {
  return stream.nested(() => {
    const args: Expression[] = [];
    const keywords: Keyword<Expression>[] = [];
    while (!stream.accept(')')) {
      const start = stream.current.start;
      const value = parse(stream);
      if (value.kind === 'name' && stream.accept('=')) {
        if (keywords.some((keyword) => keyword.name === value.name)) {
          stream.fail('template_syntax', `The argument "${value.name}" is given twice`, start);
        }
        keywords.push({ name: value.name, value: parse(stream) });
      } else {
        if (keywords.length > 0)
          stream.fail('template_syntax', 'Arguments without a name stand before those with one', start);
        args.push(value);
      }
      if (!stream.isOperator(')')) stream.expect(',');
    }
    return { args, keywords };
  });
}

function tallest(heights: readonly number[]): number {
  return heights.reduce((highest, height) => Math.max(highest, height), 0);
}
