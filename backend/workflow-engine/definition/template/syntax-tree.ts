import type { Keyword } from './arguments.ts';
import type { Filter } from './filters/filter.ts';
import type { ArithmeticOperator } from './operators.ts';
import type { Test } from './tests.ts';

/**
 * The tree of a template. `start` and `end` are offsets into the normalised source: the text between them names an
 * expression in a warning, and `start` becomes line and column in an error. `height` is the longest way down to a
 * leaf; the parser bounds it, so the interpreter may recurse without watching the stack.
 */
interface Spot {
  readonly start: number;
  readonly end: number;
  readonly height: number;
}

export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface LiteralNode extends Spot {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
}
export interface NameNode extends Spot {
  readonly kind: 'name';
  readonly name: string;
}
/** `a.b`, and `a.0` with the index as a number. */
export interface AttributeNode extends Spot {
  readonly kind: 'attribute';
  readonly object: Expression;
  readonly name: string | number;
}
export interface IndexNode extends Spot {
  readonly kind: 'index';
  readonly object: Expression;
  readonly index: Expression;
}
export interface SliceNode extends Spot {
  readonly kind: 'slice';
  readonly object: Expression;
  readonly from: Expression | null;
  readonly to: Expression | null;
  readonly step: Expression | null;
}
export interface ListNode extends Spot {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}
export interface DictNode extends Spot {
  readonly kind: 'dict';
  readonly entries: readonly (readonly [Expression, Expression])[];
}
export interface UnaryNode extends Spot {
  readonly kind: 'unary';
  readonly operator: 'not' | '-' | '+';
  readonly operand: Expression;
}
/** `and` and `or`: flat, so that a long row is no deep tree. */
export interface LogicNode extends Spot {
  readonly kind: 'logic';
  readonly operator: 'and' | 'or';
  readonly operands: readonly Expression[];
}
export interface CompareNode extends Spot {
  readonly kind: 'compare';
  readonly first: Expression;
  readonly rest: readonly { readonly operator: CompareOperator; readonly operand: Expression }[];
}
/** A row of operators of one precedence, worked off from the left. */
export interface ArithmeticNode extends Spot {
  readonly kind: 'arithmetic';
  readonly first: Expression;
  readonly rest: readonly { readonly operator: ArithmeticOperator; readonly operand: Expression }[];
}
export interface ConcatNode extends Spot {
  readonly kind: 'concat';
  readonly parts: readonly Expression[];
}
export interface ConditionalNode extends Spot {
  readonly kind: 'conditional';
  readonly test: Expression;
  readonly then: Expression;
  readonly otherwise: Expression | null;
}
/** `args` stand in the order of the filter's parameters (undefined = not given), or as written for a free filter. */
export interface FilterNode extends Spot {
  readonly kind: 'filter';
  readonly operand: Expression;
  readonly filter: Filter;
  readonly args: readonly (Expression | undefined)[];
  readonly keywords: readonly Keyword<Expression>[];
}
export interface TestNode extends Spot {
  readonly kind: 'test';
  readonly operand: Expression;
  readonly test: Test;
  readonly argument: Expression | null;
  readonly negated: boolean;
}
export interface CallNode extends Spot {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: readonly Expression[];
  readonly keywords: readonly Keyword<Expression>[];
}
/** The text of a `set` block, where filters stand behind its name. */
export interface CapturedNode extends Spot {
  readonly kind: 'captured';
}

export type Expression =
  | LiteralNode
  | NameNode
  | AttributeNode
  | IndexNode
  | SliceNode
  | ListNode
  | DictNode
  | UnaryNode
  | LogicNode
  | CompareNode
  | ArithmeticNode
  | ConcatNode
  | ConditionalNode
  | FilterNode
  | TestNode
  | CallNode
  | CapturedNode;

export interface TextStatement {
  readonly kind: 'text';
  readonly text: string;
}
export interface OutputStatement {
  readonly kind: 'output';
  readonly expression: Expression;
}
export interface IfStatement {
  readonly kind: 'if';
  readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[];
  readonly otherwise: readonly Statement[] | null;
}
export interface ForStatement {
  readonly kind: 'for';
  readonly targets: readonly string[];
  readonly iterable: Expression;
  readonly condition: Expression | null;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[] | null;
  readonly start: number;
}
/** `{% set a = … %}`, `{% set a, b = … %}`; with `attribute`, `{% set ns.x = … %}`. */
export interface SetStatement {
  readonly kind: 'set';
  readonly targets: readonly string[];
  readonly attribute: string | null;
  readonly value: Expression;
  readonly start: number;
}
export interface SetBlockStatement {
  readonly kind: 'set_block';
  readonly target: string;
  readonly attribute: string | null;
  readonly value: Expression;
  readonly body: readonly Statement[];
  readonly start: number;
}

export type Statement = TextStatement | OutputStatement | IfStatement | ForStatement | SetStatement | SetBlockStatement;

/** A parsed template. It is shared by all who parse the same source, and never changes. */
export interface Template {
  /** As the author wrote it. */
  readonly source: string;
  /** What the offsets count in: without BOM, CRLF as LF. */
  readonly text: string;
  readonly body: readonly Statement[];
  /** The expression, when the trimmed source is exactly one `{{ … }}` (format.md 5.4). */
  readonly lone: Expression | null;
}
