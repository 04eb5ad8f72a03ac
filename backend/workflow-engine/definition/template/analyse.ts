import { findGlobal } from './globals.ts';
import { positionAt } from './position.ts';
import type { CallNode, Expression, ForStatement, Statement, Template } from './syntax-tree.ts';

/** One read of a root, as it stands in the source. */
export interface StateRead {
  /** `state`, `config`, …: the name at the head of the chain. */
  root: string;
  /** The literal parts behind it, up to the first computed one: `state.items[0].name` is `items`, `0`, `name`. */
  path: string[];
  line: number;
  column: number;
  /** True when the author reckons with its absence: `default`, `is defined`, or a condition on the same key. */
  guarded: boolean;
}

/**
 * Which paths of the roots a template reads, in the order of the source; a path read twice is there twice. Names that
 * the template makes itself (`set`, `for`) are no roots. Static: branches are all taken.
 */
export function readsOf(template: Template): StateRead[] {
  const reader = new Reader(template.text);
  reader.statements(template.body);
  return reader.reads;
}

type Path = readonly string[];

class Reader {
  readonly reads: StateRead[] = [];
  private readonly source: string;
  private locals: Set<string>[] = [new Set()];
  private guards: Path[] = [];
  /** Over 0 inside what only asks whether something is there. */
  private asking = 0;

  constructor(source: string) {
    this.source = source;
  }

  statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement);
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case 'text':
        return;
      case 'output':
        return this.visit(statement.expression);
      case 'if':
        return this.guarding(() => {
          for (const { test, body } of statement.branches) {
            this.ask(test);
            this.guard(test);
            this.statements(body);
          }
          if (statement.otherwise) this.statements(statement.otherwise);
        });
      case 'for':
        return this.loop(statement);
      case 'set':
        this.visit(statement.value);
        if (statement.attribute === null) for (const name of statement.targets) this.addLocal(name);
        return;
      case 'set_block':
        this.scoped([], () => this.statements(statement.body));
        this.visit(statement.value);
        if (statement.attribute === null) this.addLocal(statement.target);
        return;
    }
  }

  private loop(statement: ForStatement): void {
    this.visit(statement.iterable);
    this.scoped([...statement.targets, 'loop'], () =>
      this.guarding(() => {
        if (statement.condition) {
          this.ask(statement.condition);
          this.guard(statement.condition);
        }
        this.statements(statement.body);
      }),
    );
    if (statement.otherwise) this.scoped([], () => this.statements(statement.otherwise ?? []));
  }

  private visit(node: Expression): void {
    switch (node.kind) {
      case 'name':
      case 'attribute':
      case 'index':
        return this.lookUp(node);
      case 'literal':
      case 'captured':
        return;
      case 'call':
        return this.call(node);
      case 'filter':
        if (node.filter.asksPresence) this.ask(node.operand);
        else this.visit(node.operand);
        for (const arg of node.args) if (arg) this.visit(arg);
        for (const { value } of node.keywords) this.visit(value);
        return;
      case 'test':
        if (node.test.asksPresence) this.ask(node.operand);
        else this.visit(node.operand);
        if (node.argument) this.visit(node.argument);
        return;
      case 'conditional':
        return this.guarding(() => {
          this.ask(node.test);
          this.guard(node.test);
          this.visit(node.then);
          if (node.otherwise) this.visit(node.otherwise);
        });
      case 'logic':
        return this.guarding(() => {
          for (const [index, operand] of node.operands.entries()) {
            if (index === node.operands.length - 1) return this.visit(operand);
            this.ask(operand);
            this.guard(operand);
          }
        });
      default:
        for (const child of childrenOf(node)) this.visit(child);
    }
  }

  private lookUp(node: Expression, behind: readonly string[] = []): void {
    let path = [...behind];
    let at = node;
    while (at.kind === 'attribute' || at.kind === 'index') {
      const part = literalPart(at);
      if (part === null && at.kind === 'index') this.visit(at.index);
      // Behind a computed part nothing is known.
      path = part === null ? [] : [part, ...path];
      at = at.object;
    }
    if (at.kind !== 'name') return this.visit(at);
    const root = at.name;
    if (this.locals.some((names) => names.has(root))) return;
    const guarded = this.asking > 0 || this.guards.some((guard) => isPrefix(guard, [root, ...path]));
    this.reads.push({ root, path, ...positionAt(this.source, node.start), guarded });
  }

  private call(node: CallNode): void {
    const { callee, args } = node;
    if (callee.kind === 'attribute') {
      const [key] = args;
      const isGet = callee.name === 'get' && key?.kind === 'literal' && typeof key.value === 'string';
      if (isGet) this.asked(() => this.lookUp(callee.object, [String(key.value)]));
      else this.visit(callee.object);
    } else if (callee.kind !== 'name' || !findGlobal(callee.name)) {
      this.visit(callee);
    }
    for (const arg of args) this.visit(arg);
    for (const { value } of node.keywords) this.visit(value);
  }

  private ask(node: Expression): void {
    this.asked(() => this.visit(node));
  }

  private asked(work: () => void): void {
    this.asking += 1;
    work();
    this.asking -= 1;
  }

  /** Everything that a condition reads is reckoned with where the condition rules. */
  private guard(condition: Expression): void {
    const reader = new Reader(this.source);
    reader.locals = this.locals;
    reader.visit(condition);
    for (const { root, path } of reader.reads) this.guards.push([root, ...path]);
  }

  private guarding(work: () => void): void {
    const before = this.guards.length;
    work();
    this.guards.length = before;
  }

  private scoped(names: readonly string[], work: () => void): void {
    this.locals.push(new Set(names));
    work();
    this.locals.pop();
  }

  private addLocal(name: string): void {
    this.locals.at(-1)?.add(name);
  }
}

function literalPart(node: Expression): string | null {
  if (node.kind === 'attribute') return String(node.name);
  if (node.kind !== 'index' || node.index.kind !== 'literal') return null;
  const { value } = node.index;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function isPrefix(prefix: Path, path: Path): boolean {
  return prefix.length <= path.length && prefix.every((part, index) => part === path[index]);
}

function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'list':
      return node.items;
    case 'dict':
      return node.entries.flat();
    case 'unary':
      return [node.operand];
    case 'compare':
    case 'arithmetic':
      return [node.first, ...node.rest.map((part) => part.operand)];
    case 'concat':
      return node.parts;
    case 'slice':
      return [node.object, node.from, node.to, node.step].filter((part) => part !== null);
    default:
      return [];
  }
}
