import { bindArguments } from './arguments.ts';
import { findFilter } from './filters/registry.ts';
import type { ArithmeticOperator } from './operators.ts';
import { parsePrimary, readArguments } from './parse-primary.ts';
import type { CompareOperator, Expression, FilterNode } from './syntax-tree.ts';
import { findTest } from './tests.ts';
import type { TokenStream } from './token-stream.ts';

/** Words that cannot begin the argument of a test written without brackets, as in `x is even and y`. */
const wordsAfterTest = new Set(['and', 'or', 'not', 'if', 'else', 'in', 'is']);
const compareOperators = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** One expression of format.md 6.1: `x if c else y` and all that binds tighter. */
export function parseExpression(stream: TokenStream): Expression {
  const start = stream.current.start;
  let node = parseOr(stream);
  while (stream.acceptWord('if')) {
    const then = node;
    const test = parseOr(stream);
    const otherwise = stream.acceptWord('else') ? stream.nested(() => parseExpression(stream)) : null;
    const height = stream.heightAbove(then.height, test.height, otherwise?.height ?? 0);
    node = { kind: 'conditional', test, then, otherwise, start, end: stream.readUpTo, height };
  }
  return node;
}

/** One expression, or several with commas between, which make a list. */
export function parseExpressionList(stream: TokenStream, parse = parseExpression): Expression {
  const start = stream.current.start;
  const first = parse(stream);
  if (!stream.isOperator(',')) return first;
  const items = [first];
  while (stream.accept(',')) {
    if (stream.current.kind === 'end') break;
    items.push(parse(stream));
  }
  return { kind: 'list', items, start, end: stream.readUpTo, height: heightOf(stream, items) };
}

/** An expression without an inline `if` on its outside: what `for … in` takes, where `if` begins the filter. */
export function parseOr(stream: TokenStream): Expression {
  return parseLogic(stream, 'or', parseAnd);
}

function parseAnd(stream: TokenStream): Expression {
  return parseLogic(stream, 'and', parseNot);
}

function parseLogic(
  stream: TokenStream,
  operator: 'and' | 'or',
  parse: (stream: TokenStream) => Expression,
): Expression {
  const start = stream.current.start;
  const first = parse(stream);
  if (!stream.isWord(operator)) return first;
  const operands = [first];
  while (stream.acceptWord(operator)) operands.push(parse(stream));
  return { kind: 'logic', operator, operands, start, end: stream.readUpTo, height: heightOf(stream, operands) };
}

function parseNot(stream: TokenStream): Expression {
  const start = stream.current.start;
  if (!stream.acceptWord('not')) return parseCompare(stream);
  const operand = stream.nested(() => parseNot(stream));
  return { kind: 'unary', operator: 'not', operand, start, end: stream.readUpTo, height: heightOf(stream, [operand]) };
}

function parseCompare(stream: TokenStream): Expression {
  const start = stream.current.start;
  const first = parseSum(stream);
  const rest: { operator: CompareOperator; operand: Expression }[] = [];
  for (;;) {
    const operator = readCompareOperator(stream);
    if (operator === null) break;
    rest.push({ operator, operand: parseSum(stream) });
  }
  if (rest.length === 0) return first;
  const height = heightOf(stream, [first, ...rest.map((part) => part.operand)]);
  return { kind: 'compare', first, rest, start, end: stream.readUpTo, height };
}

function readCompareOperator(stream: TokenStream): CompareOperator | null {
  if (stream.current.kind === 'operator' && compareOperators.has(stream.current.text)) {
    return stream.next().text as CompareOperator;
  }
  if (stream.acceptWord('in')) return 'in';
  if (!stream.acceptWord('not')) return null;
  if (!stream.acceptWord('in')) stream.unexpected('"in"');
  return 'not in';
}

function parseSum(stream: TokenStream): Expression {
  return parseRow(stream, ['+', '-'], parseConcat);
}

function parseConcat(stream: TokenStream): Expression {
  const start = stream.current.start;
  const first = parseProduct(stream);
  if (!stream.isOperator('~')) return first;
  const parts = [first];
  while (stream.accept('~')) parts.push(parseProduct(stream));
  return { kind: 'concat', parts, start, end: stream.readUpTo, height: heightOf(stream, parts) };
}

function parseProduct(stream: TokenStream): Expression {
  return parseRow(stream, ['*', '/', '//', '%'], parsePower);
}

function parsePower(stream: TokenStream): Expression {
  return parseRow(stream, ['**'], parseUnary);
}

function parseRow(
  stream: TokenStream,
  operators: readonly ArithmeticOperator[],
  parse: (stream: TokenStream) => Expression,
): Expression {
  const start = stream.current.start;
  const first = parse(stream);
  const rest: { operator: ArithmeticOperator; operand: Expression }[] = [];
  for (;;) {
    const operator = operators.find((candidate) => stream.isOperator(candidate));
    if (operator === undefined) break;
    stream.next();
    rest.push({ operator, operand: parse(stream) });
  }
  if (rest.length === 0) return first;
  const height = heightOf(stream, [first, ...rest.map((part) => part.operand)]);
  return { kind: 'arithmetic', first, rest, start, end: stream.readUpTo, height };
}

/** Signs bind looser than filters: `-x|abs` is `-(x|abs)` (format.md 6.1). */
function parseUnary(stream: TokenStream): Expression {
  const start = stream.current.start;
  const operator = stream.accept('-') ? '-' : stream.accept('+') ? '+' : null;
  if (operator === null) return parseFilters(stream, parsePrimary(stream, parseExpression));
  const operand = stream.nested(() => parseUnary(stream));
  return { kind: 'unary', operator, operand, start, end: stream.readUpTo, height: heightOf(stream, [operand]) };
}

/** Reads the `| filter` and `is test` behind an expression. */
export function parseFilters(stream: TokenStream, operand: Expression): Expression {
  let node = operand;
  for (;;) {
    if (stream.accept('|')) node = parseFilter(stream, node);
    else if (stream.acceptWord('is')) node = parseTest(stream, node);
    else return node;
  }
}

function parseFilter(stream: TokenStream, operand: Expression): Expression {
  const at = stream.current.start;
  const name = readName(stream, 'a filter');
  const filter = findFilter(name);
  if (!filter) {
    const reason =
      name === 'random' ? 'The filter "random" is refused: renders are reproducible' : `There is no filter "${name}"`;
    return stream.fail('filter_unknown', reason, at, { name });
  }
  const { args, keywords } = stream.accept('(') ? readArguments(stream, parseExpression) : { args: [], keywords: [] };
  const height = heightOf(stream, [operand, ...args, ...keywords.map((keyword) => keyword.value)]);
  const node = { kind: 'filter' as const, operand, filter, start: operand.start, end: stream.readUpTo, height };
  if (filter.free) {
    if (args.length < filter.required) stream.fail('template_syntax', `The filter "${name}" needs an argument`, at);
    checkNamedCallee(stream, filter, args);
    return { ...node, args, keywords };
  }
  const bound = bindArguments(`The filter "${name}"`, filter, args, keywords);
  if (typeof bound === 'string') return stream.fail('template_syntax', bound, at);
  return { ...node, args: bound, keywords: [] };
}

/** `map('nosuch')` is found while parsing when the name is written out. */
function checkNamedCallee(stream: TokenStream, filter: FilterNode['filter'], args: readonly Expression[]): void {
  const named = filter.names ? args[filter.names.at] : undefined;
  if (!filter.names || named?.kind !== 'literal' || typeof named.value !== 'string') return;
  const { kind } = filter.names;
  const found = kind === 'filter' ? findFilter(named.value) : findTest(named.value);
  if (!found) stream.fail('filter_unknown', `There is no ${kind} "${named.value}"`, named.start, { name: named.value });
}

function parseTest(stream: TokenStream, operand: Expression): Expression {
  const negated = stream.acceptWord('not');
  const at = stream.current.start;
  const name = readName(stream, 'a test');
  const test = findTest(name);
  if (!test) return stream.fail('filter_unknown', `There is no test "${name}"`, at, { name });
  let argument: Expression | null = null;
  if (stream.accept('(')) {
    const { args, keywords } = readArguments(stream, parseExpression);
    if (keywords.length > 0 || args.length > 1)
      stream.fail('template_syntax', `The test "${name}" takes one argument`, at);
    argument = args[0] ?? null;
  } else if (test.takesArgument && beginsArgument(stream)) {
    argument = parsePrimary(stream, parseExpression);
  }
  if (test.takesArgument !== (argument !== null)) {
    stream.fail(
      'template_syntax',
      `The test "${name}" ${test.takesArgument ? 'needs an argument' : 'takes no argument'}`,
      at,
    );
  }
  const height = stream.heightAbove(operand.height, argument?.height ?? 0);
  return { kind: 'test', operand, test, argument, negated, start: operand.start, end: stream.readUpTo, height };
}

function beginsArgument(stream: TokenStream): boolean {
  const { kind, text } = stream.current;
  if (kind === 'operator') return text === '[' || text === '{';
  return kind === 'name' ? !wordsAfterTest.has(text) : kind !== 'end';
}

function readName(stream: TokenStream, what: string): string {
  return stream.current.kind === 'name' ? stream.next().text : stream.unexpected(`the name of ${what}`);
}

function heightOf(stream: TokenStream, children: readonly Expression[]): number {
  let highest = 0;
  for (const child of children) highest = Math.max(highest, child.height);
  return stream.heightAbove(highest);
}
