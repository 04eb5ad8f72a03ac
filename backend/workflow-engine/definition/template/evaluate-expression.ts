import type { Keyword } from './arguments.ts';
import { compare, contains, equals, isTrue } from './compare.ts';
import { findGlobal } from './globals.ts';
import { callMethod, noMethod } from './methods.ts';
import { calculate, sign } from './operators.ts';
import { print } from './print.ts';
import type { Run } from './run.ts';
import { sliceValue } from './slices.ts';
import type {
  ArithmeticNode,
  CallNode,
  CompareNode,
  CompareOperator,
  DictNode,
  Expression,
  FilterNode,
  LogicNode,
  TestNode,
} from './syntax-tree.ts';
import { emptyObject, isForbiddenKey, ownValue, readMember, typeName } from './values.ts';

/**
 * Value of an expression. Every node costs a visit; an undefined lookup is reported once, with the whole chain
 * (`state.a.b`), and goes on as undefined. Throws `template_error` and `template_limit`.
 */
export function evaluate(run: Run, node: Expression): unknown {
  switch (node.kind) {
    case 'name':
    case 'attribute':
    case 'index': {
      const { misses } = run;
      const value = lookUp(run, node);
      if (value === undefined && misses === run.misses && !isLoopAttribute(node)) run.warn(node.start, node.end);
      return value;
    }
    case 'literal':
      run.charge(1);
      return node.value;
    case 'filter':
      return applyFilter(run, node);
    case 'test':
      return applyTest(run, node);
    case 'compare':
      return compareAll(run, node);
    case 'logic':
      return decide(run, node);
    case 'arithmetic':
      return calculateAll(run, node);
    case 'concat': {
      run.charge(1);
      let text = '';
      for (const part of node.parts) {
        text += print(run, evaluate(run, part));
        run.at = node.start;
        run.checkText(text.length);
      }
      run.chargeText(text.length);
      return text;
    }
    case 'conditional':
      run.charge(1);
      if (isTrue(run, evaluate(run, node.test))) return evaluate(run, node.then);
      return node.otherwise === null ? undefined : evaluate(run, node.otherwise);
    case 'unary': {
      run.charge(1);
      const value = evaluate(run, node.operand);
      if (node.operator === 'not') return !isTrue(run, value);
      run.at = node.start;
      return sign(run, node.operator, value);
    }
    case 'call':
      return call(run, node);
    case 'list': {
      run.charge(1);
      return node.items.map((item) => evaluate(run, item));
    }
    case 'dict':
      return makeDict(run, node);
    case 'slice': {
      run.charge(1);
      const object = evaluate(run, node.object);
      const [from, to, step] = [node.from, node.to, node.step].map((part) => (part ? evaluate(run, part) : undefined));
      if (object === undefined) run.readFromUndefined(node.start, node.end);
      run.at = node.start;
      run.until = node.end;
      return sliceValue(run, object, from, to, step);
    }
    case 'captured':
      return run.captured;
  }
}

/** Reads a name or a chain of accesses without reporting what is missing. */
function lookUp(run: Run, node: Expression): unknown {
  switch (node.kind) {
    case 'name':
      run.charge(1);
      return lookUpName(run, node.name);
    case 'attribute':
    case 'index': {
      run.charge(1);
      const object = lookUp(run, node.object);
      const key = node.kind === 'attribute' ? node.name : evaluate(run, node.index);
      if (object === undefined) run.readFromUndefined(node.start, node.end);
      if (typeof object === 'string') run.chargeCharacters(object.length);
      return readMember(object, key);
    }
    default:
      return evaluate(run, node);
  }
}

function lookUpName(run: Run, name: string): unknown {
  const scope = run.scope.find(name);
  return scope === null ? ownValue(run.context.roots, name) : scope.get(name);
}

/** `loop.previtem` of the first pass is undefined by design, and no author's mistake. */
function isLoopAttribute(node: Expression): boolean {
  return node.kind === 'attribute' && node.object.kind === 'name' && node.object.name === 'loop';
}

/** Evaluates without reporting what is missing, for an author who asks whether it is. */
function evaluateQuietly(run: Run, node: Expression): unknown {
  run.quiet += 1;
  const value = evaluate(run, node);
  run.quiet -= 1;
  return value;
}

function applyFilter(run: Run, node: FilterNode): unknown {
  run.charge(1);
  const { filter, operand } = node;
  const value = filter.asksPresence ? evaluateQuietly(run, operand) : evaluate(run, operand);
  const args: unknown[] = [];
  for (const arg of node.args) args.push(arg === undefined ? undefined : evaluate(run, arg));
  const keywords = node.keywords.length === 0 ? noKeywords : evaluateKeywords(run, node.keywords);
  run.at = node.start;
  run.until = node.end;
  return filter.apply(run, value, args, keywords);
}

const noKeywords: readonly Keyword<unknown>[] = [];

function evaluateKeywords(run: Run, keywords: readonly Keyword<Expression>[]): Keyword<unknown>[] {
  return keywords.map(({ name, value }) => ({ name, value: evaluate(run, value) }));
}

function applyTest(run: Run, node: TestNode): boolean {
  run.charge(1);
  const { test, operand, argument } = node;
  const value = test.asksPresence ? evaluateQuietly(run, operand) : evaluate(run, operand);
  const compared = argument === null ? undefined : evaluate(run, argument);
  run.at = node.start;
  return test.apply(run, value, compared) !== node.negated;
}

function compareAll(run: Run, node: CompareNode): boolean {
  run.charge(1);
  let left = evaluate(run, node.first);
  for (const { operator, operand } of node.rest) {
    const right = evaluate(run, operand);
    run.at = node.start;
    if (!compareTwo(run, operator, left, right)) return false;
    left = right;
  }
  return true;
}

function compareTwo(run: Run, operator: CompareOperator, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '==':
      return equals(run, left, right);
    case '!=':
      return !equals(run, left, right);
    case 'in':
      return contains(run, right, left);
    case 'not in':
      return !contains(run, right, left);
    default: {
      if (left === undefined || right === undefined) return false;
      const order = compare(run, left, right);
      if (operator === '<') return order < 0;
      if (operator === '<=') return order <= 0;
      return operator === '>' ? order > 0 : order >= 0;
    }
  }
}

/** `and` and `or` give the operand that decided. */
function decide(run: Run, node: LogicNode): unknown {
  run.charge(1);
  const wanted = node.operator === 'or';
  let value: unknown;
  for (const operand of node.operands) {
    value = evaluate(run, operand);
    if (isTrue(run, value) === wanted) return value;
  }
  return value;
}

function calculateAll(run: Run, node: ArithmeticNode): unknown {
  run.charge(1);
  const { misses } = run;
  let value = evaluate(run, node.first);
  for (const { operator, operand } of node.rest) {
    const right = evaluate(run, operand);
    run.at = node.start;
    value = calculate(run, operator, value, right);
  }
  if (value === undefined && misses === run.misses) run.warn(node.start, node.end);
  return value;
}

function makeDict(run: Run, node: DictNode): Record<string, unknown> {
  run.charge(1);
  const object = emptyObject();
  for (const [keyNode, valueNode] of node.entries) {
    const key = print(run, evaluate(run, keyNode));
    const value = evaluate(run, valueNode);
    if (!isForbiddenKey(key)) object[key] = value;
  }
  return object;
}

/** Calls a global or a method. Data keys win over methods; nothing else is callable (format.md 6.4, 6.5). */
function call(run: Run, node: CallNode): unknown {
  run.charge(1);
  const { callee } = node;
  if (callee.kind === 'name') {
    const value = lookUpName(run, callee.name);
    if (value !== undefined) return refuseCall(run, node, value);
    const found = findGlobal(callee.name);
    if (!found) return callUndefined(run, node);
    const args = node.args.map((arg) => evaluate(run, arg));
    const keywords = evaluateKeywords(run, node.keywords);
    run.at = node.start;
    run.until = node.end;
    return found(run, args, keywords);
  }
  if (callee.kind !== 'attribute' && callee.kind !== 'index') {
    const { misses } = run;
    const value = evaluate(run, callee);
    if (value !== undefined) return refuseCall(run, node, value);
    return misses === run.misses ? callUndefined(run, node) : undefined;
  }
  const object = lookUp(run, callee.object);
  const key = callee.kind === 'attribute' ? callee.name : evaluate(run, callee.index);
  if (object === undefined) run.readFromUndefined(callee.start, callee.end);
  const args = node.args.map((arg) => evaluate(run, arg));
  const keywords = evaluateKeywords(run, node.keywords);
  run.at = node.start;
  run.until = node.end;
  // Data is never callable, so `d.items()` means the method even where `d` has a key of that name.
  const result = typeof key === 'string' ? callMethod(run, object, key, args, keywords) : noMethod;
  if (result !== noMethod) return result;
  const data = readMember(object, key);
  return data === undefined ? callUndefined(run, node) : refuseCall(run, node, data);
}

function callUndefined(run: Run, node: CallNode): undefined {
  run.warn(node.start, node.end);
  return undefined;
}

function refuseCall(run: Run, node: CallNode, value: unknown): never {
  run.at = node.start;
  const name = run.excerpt(node.callee.start, node.callee.end);
  return run.fail(`"${name}" is ${typeName(value)} and cannot be called`, { expression: name });
}
