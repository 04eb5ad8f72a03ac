import { isTrue } from './compare.ts';
import { evaluate } from './evaluate-expression.ts';
import { itemsOf } from './filters/filter.ts';
import { print } from './print.ts';
import type { Run } from './run.ts';
import { LoopValue, Scope } from './scope.ts';
import type { ForStatement, IfStatement, SetBlockStatement, SetStatement, Statement } from './syntax-tree.ts';
import { isForbiddenKey, isMapping, NamespaceValue, typeName } from './values.ts';

/** Writes statements to the run's output. Throws `template_error` and `template_limit`. */
export function renderStatements(run: Run, statements: readonly Statement[]): void {
  for (const statement of statements) {
    run.charge(1);
    switch (statement.kind) {
      case 'text':
        run.write(statement.text);
        break;
      case 'output':
        run.write(print(run, evaluate(run, statement.expression)));
        break;
      case 'if':
        renderIf(run, statement);
        break;
      case 'for':
        renderFor(run, statement);
        break;
      case 'set':
        assign(run, statement, evaluate(run, statement.value));
        break;
      case 'set_block':
        renderSetBlock(run, statement);
        break;
    }
  }
}

function renderIf(run: Run, statement: IfStatement): void {
  for (const { test, body } of statement.branches) {
    if (isTrue(run, evaluate(run, test))) return renderStatements(run, body);
  }
  if (statement.otherwise) renderStatements(run, statement.otherwise);
}

function renderFor(run: Run, statement: ForStatement): void {
  const { targets } = statement;
  const source = evaluate(run, statement.iterable);
  run.at = statement.start;
  // Two names over an object mean its keys and values: what else could they mean?
  const walked = targets.length === 2 && isMapping(source) ? Object.entries(source) : itemsOf(run, source);
  const outer = run.scope;
  const scope = new Scope(outer);
  scope.targets = targets;
  run.scope = scope;
  const items = statement.condition ? walked.filter((item) => passes(run, statement, scope, item)) : walked;
  if (items.length > 0) {
    const loop = new LoopValue(items, run.loopDepth + 1);
    scope.loop = loop;
    run.loopDepth += 1;
    for (let index = 0; index < items.length; index += 1) {
      run.at = statement.start;
      run.chargePass();
      loop.index0 = index;
      scope.clear();
      scope.values = unpack(run, targets.length, items[index]);
      renderStatements(run, statement.body);
    }
    run.loopDepth -= 1;
  }
  run.scope = outer;
  if (items.length > 0 || !statement.otherwise) return;
  run.scope = new Scope(outer);
  renderStatements(run, statement.otherwise);
  run.scope = outer;
}

/** The `if` of a `for`: which items the loop counts and walks over. */
function passes(run: Run, { targets, condition, start }: ForStatement, scope: Scope, item: unknown): boolean {
  run.at = start;
  run.charge(1);
  scope.values = unpack(run, targets.length, item);
  return condition === null || isTrue(run, evaluate(run, condition));
}

/** One value for each of `count` names. */
function unpack(run: Run, count: number, item: unknown): unknown[] {
  if (count === 1) return [item];
  if (item === undefined) return Array.from({ length: count }, () => undefined);
  const values = typeof item === 'string' || Array.isArray(item) ? itemsOf(run, item) : null;
  if (values?.length === count) return [...values];
  const found = values === null ? typeName(item) : `${values.length} values`;
  return run.fail(`${count} names need ${count} values, not ${found}`);
}

function renderSetBlock(run: Run, statement: SetBlockStatement): void {
  const before = run.output;
  const outer = run.scope;
  run.output = '';
  run.scope = new Scope(outer);
  renderStatements(run, statement.body);
  run.scope = outer;
  run.captured = run.output;
  run.output = before;
  const { target, attribute, start } = statement;
  assign(run, { targets: [target], attribute, start }, evaluate(run, statement.value));
}

/** Sets names in the innermost scope, or an attribute of a namespace, wherever that was made. */
function assign(run: Run, { targets, attribute, start }: Omit<SetStatement, 'kind' | 'value'>, value: unknown): void {
  run.at = start;
  const target = targets[0] as string;
  if (attribute === null) {
    const values = unpack(run, targets.length, value);
    for (const [index, name] of targets.entries()) run.scope.set(name, values[index]);
    return;
  }
  const space = run.scope.find(target)?.get(target);
  if (!(space instanceof NamespaceValue)) {
    return run.fail(`Only a namespace takes "${target}.${attribute}"; "${target}" is ${typeName(space)}`);
  }
  if (isForbiddenKey(attribute)) return run.fail(`"${attribute}" cannot be set`);
  space.entries.set(attribute, value);
}
