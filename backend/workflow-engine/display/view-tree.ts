import type { Diagnostic } from '../models/diagnostic.ts';
import { isJsonObject } from '../models/json.ts';
import { type ImportChange, importHints } from './import-hints.ts';
import { selectableItems } from './selectable-items.ts';
import { ViewBuilder } from './view-builder.ts';
import type { Block, DataPath, ViewNode } from './view-model.ts';
import { rootScope } from './view-scope.ts';

export interface ViewRequest {
  /** Display schema as its author wrote it, of either format. */
  schema: unknown;
  data: unknown;
  state?: unknown;
  /** Blocks of the question (format.md 18.4), besides those that older hints describe. */
  blocks?: readonly unknown[];
  subActions?: readonly unknown[];
  /** True where the person chooses: nodes that can be chosen are marked. */
  selecting?: boolean;
  /** The instant and zone of `now()` in templates. */
  now?: Date;
  timezone?: string;
}

export interface CompiledView {
  /** Null where nothing is to be seen. */
  root: ViewNode | null;
  blocks: Block[];
  diagnostics: Diagnostic[];
  /** What the importer made of older hints. */
  changes: ImportChange[];
}

/**
 * Schema, hints and data as the tree that every client draws (format.md 18.1 to 18.7). Every leaf of the data that is
 * not hidden stands in it exactly once; nothing given is changed. At most 50 000 nodes and 64 levels: what is over
 * them is marked, not dropped silently. Never throws for anything in schema or data.
 */
export function compileView(request: ViewRequest): CompiledView {
  const { data, blocks: given = [], subActions = [] } = request;
  const { schema, blocks: read, diagnostics, changes } = importHints(request.schema, { subActions });
  const blocks = [...read, ...given.filter(isBlock)];
  const choices = request.selecting === true ? selectableItems(data, request.schema).paths : [];
  const builder = new ViewBuilder(schema, blocks, choices);
  const nodes = builder.draw({ value: data, schema, path: [], parent: undefined, scope: rootScope(request) });
  return { root: rootOf(nodes), blocks, diagnostics, changes };
}

function isBlock(block: unknown): block is Block {
  return isJsonObject(block) && Array.isArray(block['path']) && isJsonObject(block['generate']);
}

/** One root also where the root's own frame is unwrapped. */
function rootOf(nodes: readonly ViewNode[]): ViewNode | null {
  const path: DataPath = [];
  const [only] = nodes;
  if (only === undefined) return null;
  return nodes.length === 1 && only.path.length === 0
    ? only
    : { kind: 'stack', path, slot: 'body', children: [...nodes] };
}
