import { isJsonObject, type JsonObject } from '../../../models/json.ts';
import { limits } from '../../../models/limits.ts';
import { appendKey } from '../../../schema/location.ts';
import { EnrichmentIndex } from './enrichment-index.ts';

interface Leaf {
  documentId: string;
  enrichmentId: string;
  sourceField: string;
}

interface Walk {
  index: EnrichmentIndex;
  warn: (path: string, message: string) => void;
}

/**
 * Data with every mapped property set from the enrichment of the same id (format.md 14.9). The data given is not
 * changed. A node of another type than mapped is skipped with a warning.
 *
 * @throws WfmError `enrich_duplicate_id`, `enrich_field_missing`, `enrich_missing`, `enrich_unused`, each naming all
 *   ids concerned; `input_invalid` for a leaf without its three names
 */
export function enrichData(
  data: unknown,
  enrichments: readonly unknown[],
  mapping: JsonObject,
  warn: Walk['warn'],
): unknown {
  const walk: Walk = { index: new EnrichmentIndex(enrichments), warn };
  const enriched = visit(data, mapping, 'inputs.data', 0, walk);
  walk.index.finish();
  return enriched;
}

function visit(node: unknown, mapping: unknown, path: string, depth: number, walk: Walk): unknown {
  if (!isJsonObject(mapping) || depth > limits.jsonDepth) return node;
  const isList = mapping['type'] === 'array' || (mapping['type'] === undefined && isJsonObject(mapping['items']));
  if (isList) {
    if (Array.isArray(node)) {
      return node.map((item, index) => visit(item, mapping['items'], `${path}[${index}]`, depth + 1, walk));
    }
    walk.warn(path, `${path} is not a list, so it was not enriched.`);
    return node;
  }
  const properties = mapping['properties'];
  if (!isJsonObject(properties)) return node;
  if (!isJsonObject(node)) {
    walk.warn(path, `${path} is not an object, so it was not enriched.`);
    return node;
  }
  return visitObject(node, properties, path, depth, walk);
}

function visitObject(node: JsonObject, properties: JsonObject, path: string, depth: number, walk: Walk): JsonObject {
  const result: JsonObject = { ...node };
  for (const [name, mapping] of Object.entries(properties)) {
    const place = appendKey(path, name);
    if (isJsonObject(mapping) && mapping['type'] === 'enrichment_map') {
      const leaf = leafOf(mapping, walk.index, place);
      const id = Object.hasOwn(node, leaf.documentId) ? node[leaf.documentId] : undefined;
      const value = walk.index.take(id, leaf.enrichmentId, leaf.sourceField, path);
      if (value !== undefined) result[name] = value;
    } else if (Object.hasOwn(node, name)) {
      result[name] = visit(node[name], mapping, place, depth + 1, walk);
    }
  }
  return result;
}

function leafOf(mapping: JsonObject, index: EnrichmentIndex, place: string): Leaf {
  return {
    documentId: index.nameOf(mapping, 'document_data_id_field', place),
    enrichmentId: index.nameOf(mapping, 'enrichment_data_id_field', place),
    sourceField: index.nameOf(mapping, 'source_field', place),
  };
}
