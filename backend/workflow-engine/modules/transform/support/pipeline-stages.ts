import { Lazy } from 'mingo/lazy';
import { $project } from 'mingo/operators/pipeline';
import { Query } from 'mingo/query';
import { limits } from '../../../models/limits.ts';
import { drawFor } from '../../../schema/index.ts';
import type { Evaluator } from './pipeline-context.ts';
import { evaluate, integerFor, listFor, textFor } from './pipeline-evaluate.ts';
import type { Meter } from './pipeline-meter.ts';
import { sortValues } from './pipeline-sort.ts';
import { compareValues, type Document, isDocument, keyOf, withPath } from './pipeline-values.ts';

/** What a stage works with. */
export interface StageRun {
  evaluator: Evaluator;
  meter: Meter;
  /** Draws for this stage are made from it and from `place`. */
  seed: string;
  place: string;
  /** Runs the pipelines of a `$facet`. */
  runInner(documents: Document[], pipeline: unknown[], place: string): Document[];
}

type Stage = (documents: Document[], spec: never, run: StageRun) => unknown[];

/** The stages of format.md 14.8. They never write into a document: documents share their parts. */
export const stages: Record<string, Stage> = {
  $match(documents, spec: Document, { evaluator, meter }) {
    const query = new Query(spec, evaluator.options);
    const cost = keyOf(spec).length / 64;
    return documents.filter((document) => {
      meter.spend(1 + cost);
      return query.test(document);
    });
  },
  $sort(documents, spec: Document, { meter }) {
    meter.spend(documents.length * 4);
    return sortValues(documents, spec);
  },
  $limit: (documents, spec: unknown) => documents.slice(0, count(spec, '$limit')),
  $skip: (documents, spec: unknown) => documents.slice(count(spec, '$skip')),
  $count: (documents, spec: unknown) =>
    documents.length === 0 ? [] : [{ [textFor(spec, '$count')]: documents.length }],
  $project: project,
  $unset: (documents, spec: unknown) =>
    without(
      documents,
      [spec].flat().map((path) => textFor(path, '$unset')),
    ),
  $addFields: addFields,
  $set: addFields,
  $replaceRoot: (documents, spec: Document, run) => replaceWith(documents, spec['newRoot'], run),
  $replaceWith: replaceWith,
  $unwind: unwind,
  $sample(documents, spec: Document, { seed, place }) {
    const draw = drawFor(seed, place);
    const drawn = [...documents];
    const size = Math.min(count(spec['size'], '$sample'), drawn.length);
    for (let at = 0; at < size; at++) {
      const other = draw.int(at, drawn.length - 1);
      [drawn[at], drawn[other]] = [drawn[other] as Document, drawn[at] as Document];
    }
    return drawn.slice(0, size);
  },
  $group(documents, { _id, ...fields }: Document, run) {
    const groups = groupsBy(documents, _id, run);
    return groups.map(({ id, members }) => ({ _id: id, ...accumulate(members, fields, run) }));
  },
  $sortByCount(documents, spec: unknown, run) {
    const counted = groupsBy(documents, spec, run).map(({ id, members }) => ({ _id: id, count: members.length }));
    return counted.sort((a, b) => b.count - a.count);
  },
  $bucket: bucket,
  $bucketAuto: bucketAuto,
  $facet(documents, spec: Document, run) {
    const result: Document = {};
    for (const [name, pipeline] of Object.entries(spec)) {
      const place = `${run.place}.${name}`;
      result[name] = run.runInner(documents, listFor(pipeline, '$facet'), place);
    }
    return [result];
  },
};

function count(value: unknown, who: string): number {
  const number = integerFor(value, who);
  if (number < 0) throw new Error(`${who} may not be negative`);
  return number;
}

/** Leaves fields out, which mingo does in place; or takes and computes them, which mingo does on new objects. */
function project(documents: Document[], spec: Document, { evaluator, meter }: StageRun): unknown[] {
  meter.spend(documents.length * Object.keys(spec).length);
  const { _id, ...fields } = spec;
  const paths = fieldPaths(fields, []);
  const excludes =
    paths.length > 0
      ? paths.every(({ expression }) => expression === 0 || expression === false)
      : _id === 0 || _id === false;
  if (!excludes) return $project(Lazy(documents), spec, evaluator.options).collect();
  const dropped = paths.map(({ segments }) => segments.join('.'));
  return without(documents, _id === 0 || _id === false ? ['_id', ...dropped] : dropped);
}

function without(documents: Document[], paths: string[]): unknown[] {
  const split = paths.map((path) => path.split('.'));
  return documents.map((document) =>
    split.reduce<unknown>((rest, segments) => withPath(rest, segments, undefined), document),
  );
}

/** Evaluates every new field on the document as it came in, then sets them; an object of fields is merged. */
function addFields(documents: Document[], spec: Document, { evaluator }: StageRun): unknown[] {
  const paths = fieldPaths(spec, []);
  return documents.map((document) => {
    const values = paths.map(({ expression }) => evaluate(document, expression, evaluator.options));
    return paths.reduce<unknown>((result, { segments }, index) => withPath(result, segments, values[index]), document);
  });
}

function fieldPaths(spec: Document, before: string[]): { segments: string[]; expression: unknown }[] {
  return Object.entries(spec).flatMap(([key, expression]) => {
    const segments = [...before, ...key.split('.')];
    const nested =
      isDocument(expression) &&
      !Object.keys(expression).some((inner) => inner.startsWith('$')) &&
      Object.keys(expression).length > 0;
    return nested ? fieldPaths(expression, segments) : [{ segments, expression }];
  });
}

function replaceWith(documents: Document[], spec: unknown, { evaluator }: StageRun): unknown[] {
  return documents.map((document) => {
    const root = evaluate(document, spec, evaluator.options);
    if (!isDocument(root)) throw new Error('the new root is no object');
    return root;
  });
}

/** One document for each item of a list; format.md 14.8 says what becomes of missing, null and empty ones. */
function unwind(documents: Document[], spec: unknown, { meter }: StageRun): unknown[] {
  const { path, includeArrayIndex, preserveNullAndEmptyArrays } = isDocument(spec)
    ? spec
    : ({ path: spec } as Document);
  const segments = textFor(path, '$unwind').slice(1).split('.');
  const indexPath = typeof includeArrayIndex === 'string' ? includeArrayIndex.split('.') : undefined;
  const valueAt = (document: Document): unknown =>
    segments.reduce<unknown>(
      (value, key) => (isDocument(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      document,
    );
  const growth = documents.reduce((sum, document) => {
    const value = valueAt(document);
    return sum + (Array.isArray(value) ? Math.max(value.length, 1) : 1);
  }, 0);
  meter.room('documents', growth, limits.pipelineDocuments);
  return documents.flatMap((document) => {
    const value = valueAt(document);
    const isEmpty = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
    if (isEmpty && preserveNullAndEmptyArrays !== true) return [];
    const items =
      Array.isArray(value) && value.length > 0 ? (value as unknown[]) : [Array.isArray(value) ? undefined : value];
    return items.map((item, index) => {
      const copy = withPath(document, segments, item);
      const position = Array.isArray(value) && value.length > 0 ? index : null;
      return indexPath ? withPath(copy, indexPath, position) : copy;
    });
  });
}

function groupsBy(
  documents: Document[],
  expression: unknown,
  { evaluator, meter }: StageRun,
): { id: unknown; members: Document[] }[] {
  const groups = new Map<string, { id: unknown; members: Document[] }>();
  for (const document of documents) {
    const id = evaluate(document, expression, evaluator.options) ?? null;
    const key = keyOf(meter.weigh(id));
    meter.spend(1 + key.length / 64);
    const group = groups.get(key);
    if (group) group.members.push(document);
    else groups.set(key, { id, members: [document] });
  }
  return [...groups.values()];
}

function accumulate(members: Document[], fields: unknown, { evaluator }: StageRun): Document {
  const result: Document = {};
  for (const [name, spec] of Object.entries((fields ?? { count: { $sum: 1 } }) as Document)) {
    const [[operator, argument] = ['', undefined]] = Object.entries(spec as Document);
    result[name] = evaluator.accumulators[operator]?.(members, argument, evaluator.options);
  }
  return result;
}

function bucket(documents: Document[], spec: Document, run: StageRun): Document[] {
  const boundaries = listFor(spec['boundaries'], 'boundaries');
  if (boundaries.some((bound, index) => index > 0 && compareValues(boundaries[index - 1], bound) >= 0))
    throw new Error('the boundaries must ascend');
  const buckets = new Map<unknown, Document[]>();
  const rest: Document[] = [];
  for (const document of documents) {
    const key = evaluate(document, spec['groupBy'], run.evaluator.options) ?? null;
    const above = boundaries.findIndex((bound) => compareValues(key, bound) < 0);
    run.meter.spend(boundaries.length / 8);
    if (above > 0)
      buckets
        .set(above, buckets.get(above) ?? [])
        .get(above)
        ?.push(document);
    else if (Object.hasOwn(spec, 'default')) rest.push(document);
    else throw new Error('a value lies outside of the boundaries, and there is no default');
  }
  const found = boundaries.flatMap((_bound, above) =>
    buckets.has(above) ? [{ id: boundaries[above - 1], members: buckets.get(above) ?? [] }] : [],
  );
  if (rest.length > 0) found.push({ id: spec['default'], members: rest });
  return found.map(({ id, members }) => ({ _id: id, ...accumulate(members, spec['output'], run) }));
}

/** Buckets of about equal size; equal keys stay together. */
function bucketAuto(documents: Document[], spec: Document, run: StageRun): Document[] {
  const wanted = integerFor(spec['buckets'], 'buckets');
  const keyed = documents.map((document) => ({
    key: evaluate(document, spec['groupBy'], run.evaluator.options) ?? null,
    document,
  }));
  keyed.sort((a, b) => compareValues(a.key, b.key));
  const size = Math.max(1, Math.round(keyed.length / Math.max(1, wanted)));
  const result: Document[] = [];
  for (let start = 0; start < keyed.length; ) {
    let end = result.length + 1 === wanted ? keyed.length : Math.min(start + size, keyed.length);
    while (end < keyed.length && compareValues(keyed[end]?.key, keyed[end - 1]?.key) === 0) end++;
    const members = keyed.slice(start, end).map(({ document }) => document);
    const max = end < keyed.length ? keyed[end]?.key : keyed[end - 1]?.key;
    result.push({ _id: { min: keyed[start]?.key, max }, ...accumulate(members, spec['output'], run) });
    start = end;
  }
  return result;
}
