import { WfmError } from '../errors/index.ts';
import { checkShape, joinPath } from './check-schema.ts';
import { isJsonObject, type JsonObject, own } from './json-values.ts';
import { inside, parsePointer, pathOf, type Place } from './location.ts';
import { inPlaceKeywords, subSchemas } from './sub-schemas.ts';

/** A schema with an identity of its own (`$id`, or the root): what `#/…` and anchors inside it refer to. */
export interface Resource {
  root: JsonObject;
  uri: string;
  anchors: Map<string, JsonObject>;
  dynamicAnchors: Map<string, JsonObject>;
}

export type Target = JsonObject | boolean;

/** A sound schema with its references found. Never changes, and neither may the schema it was made from. */
export interface CompiledSchema {
  root: Target;
  /** True when some node asks what others have evaluated (`unevaluated…`). */
  tracksEvaluated: boolean;
  /** True when some node has a `$dynamicRef`, so that the way taken matters. */
  dynamic: boolean;
  resourceOf(node: JsonObject): Resource | undefined;
  /** What `$ref` or `$dynamicRef` of this node means, before any dynamic scope. */
  target(node: JsonObject, keyword: '$ref' | '$dynamicRef'): Target;
}

const baseUri = 'schema:/root';
const cache = new WeakMap<object, CompiledSchema>();

/**
 * Checks a schema whole and finds its references; once for each object.
 *
 * @param place where the schema stands, for messages
 * @throws WfmError as `checkShape`, and `schema_invalid` for a reference that leaves the schema, finds nothing, or
 *   leads back to itself without moving into the value
 */
export function compileSchema(schema: unknown, place = ''): CompiledSchema {
  const known = typeof schema === 'object' && schema !== null ? cache.get(schema) : undefined;
  if (known) return known;
  checkShape(schema, place);
  const compiled = link(schema as Target, place);
  if (typeof schema === 'object' && schema !== null) cache.set(schema, compiled);
  return compiled;
}

function link(root: Target, place: string): CompiledSchema {
  const resources = new Map<string, Resource>();
  const owners = new Map<JsonObject, Resource>();
  const references: { node: JsonObject; keyword: '$ref' | '$dynamicRef'; at: Place }[] = [];
  const compiled = { tracksEvaluated: false, dynamic: false };

  const visit = (node: unknown, outer: Resource | undefined, at: Place): void => {
    if (!isJsonObject(node)) return;
    const resource = enter(node, outer, resources);
    owners.set(node, resource);
    const anchor = own(node, '$anchor');
    const dynamicAnchor = own(node, '$dynamicAnchor');
    if (typeof anchor === 'string') resource.anchors.set(anchor, node);
    if (typeof dynamicAnchor === 'string') {
      resource.anchors.set(dynamicAnchor, node);
      resource.dynamicAnchors.set(dynamicAnchor, node);
    }
    if (Object.hasOwn(node, 'unevaluatedProperties') || Object.hasOwn(node, 'unevaluatedItems'))
      compiled.tracksEvaluated = true;
    for (const keyword of ['$ref', '$dynamicRef'] as const) {
      if (Object.hasOwn(node, keyword)) references.push({ node, keyword, at: inside(at, keyword) });
    }
    if (Object.hasOwn(node, '$dynamicRef')) compiled.dynamic = true;
    for (const { keyword, key, schema } of subSchemas(node)) {
      visit(schema, resource, key === undefined ? inside(at, keyword) : inside(inside(at, keyword), key));
    }
  };
  visit(root, undefined, null);

  const targets = new Map<JsonObject, Map<string, Target>>();
  for (const { node, keyword, at } of references) {
    const found = find(own(node, keyword) as string, owners.get(node) as Resource, resources);
    if (found === undefined) throw lost(own(node, keyword) as string, joinPath(place, pathOf(at)));
    // A pointer may lead to a place that is no keyword's schema, such as "/components/x": it has no owner yet.
    if (isJsonObject(found) && !owners.has(found)) visit(found, owners.get(node), null);
    targets.set(node, (targets.get(node) ?? new Map<string, Target>()).set(keyword, found));
  }
  const target = (node: JsonObject, keyword: '$ref' | '$dynamicRef'): Target => targets.get(node)?.get(keyword) ?? true;
  refuseLoops([...owners.keys()], target, place);
  return { ...compiled, root, target, resourceOf: (node) => owners.get(node) };
}

function enter(node: JsonObject, outer: Resource | undefined, resources: Map<string, Resource>): Resource {
  const id = own(node, '$id');
  if (outer && typeof id !== 'string') return outer;
  const uri = resolveUri(typeof id === 'string' ? id : '', outer?.uri ?? baseUri).replace(/#.*$/s, '');
  const resource: Resource = { root: node, uri, anchors: new Map(), dynamicAnchors: new Map() };
  if (!resources.has(uri)) resources.set(uri, resource);
  return resource;
}

function resolveUri(reference: string, base: string): string {
  try {
    return new URL(reference, base).href;
  } catch {
    return reference;
  }
}

function find(reference: string, from: Resource, resources: Map<string, Resource>): Target | undefined {
  const [beforeHash, fragment] = splitOnce(reference);
  const resource = beforeHash === '' ? from : resources.get(resolveUri(beforeHash, from.uri).replace(/#.*$/s, ''));
  if (!resource) return undefined;
  const decoded = decode(fragment);
  if (decoded === undefined) return undefined;
  if (decoded !== '' && !decoded.startsWith('/')) return resource.anchors.get(decoded);
  let node: unknown = resource.root;
  for (const segment of parsePointer(decoded) ?? [' ']) {
    if (Array.isArray(node)) node = /^(?:0|[1-9]\d{0,5})$/.test(segment) ? node[Number(segment)] : undefined;
    else node = isJsonObject(node) ? own(node, segment) : undefined;
  }
  return isJsonObject(node) || typeof node === 'boolean' ? node : undefined;
}

function splitOnce(reference: string): [string, string] {
  const hash = reference.indexOf('#');
  return hash < 0 ? [reference, ''] : [reference.slice(0, hash), reference.slice(hash + 1)];
}

function decode(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

function lost(reference: string, place: string): WfmError {
  const message = `The schema reference "${reference}" leads nowhere. Only references inside the same schema are followed (#/$defs/name, or an anchor).`;
  return new WfmError('schema_invalid', message, { params: { reference }, place });
}

/** A chain of references and combinators that never moves into the value would go on for ever. */
function refuseLoops(nodes: JsonObject[], target: CompiledSchema['target'], place: string): void {
  const done = new Set<JsonObject>();
  const open = new Set<JsonObject>();
  const visit = (node: unknown): void => {
    if (!isJsonObject(node) || done.has(node)) return;
    if (open.has(node)) {
      const message = 'The schema refers to itself without going into the value, so checking it would never end.';
      throw new WfmError('schema_invalid', message, { params: { keyword: '$ref' }, place: place || undefined });
    }
    open.add(node);
    if (Object.hasOwn(node, '$ref')) visit(target(node, '$ref'));
    if (Object.hasOwn(node, '$dynamicRef')) visit(target(node, '$dynamicRef'));
    for (const { keyword, schema } of subSchemas(node)) if (inPlaceKeywords.has(keyword)) visit(schema);
    open.delete(node);
    done.add(node);
  };
  for (const node of nodes) visit(node);
}
