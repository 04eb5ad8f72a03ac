import { WfmError } from '../errors/index.ts';
import { type CompiledSchema, compileSchema } from './compile-schema.ts';
import { type Draw, drawFor } from './draw.ts';
import { Choices, EndlessRecursion, gather, isString, largest, listOf, smallest, valuesOf } from './gather.ts';
import { type JsonKind, type JsonObject, own, sortedJson } from './json-values.ts';
import { sampleArray, sampleObject } from './sample-containers.ts';
import { sampleFormat } from './sample-format.ts';
import { sampleNumber } from './sample-number.ts';
import { samplePattern } from './sample-pattern.ts';
import { fitText, paragraph, plainText, type TextHint } from './sample-text.ts';
import { type Sampler, type Site, Unsatisfiable } from './sampler.ts';
import { validateNode } from './validate-schema.ts';

export interface SampleOptions {
  /** Equal seeds give equal values; format.md 17.3 uses the input hash. */
  seed: string;
  /** Writes the texts that no enum, format or pattern decides; the default writes plain words led by the title. */
  text?: (hint: TextHint) => string;
  /** Length of lists that ask for none; default 3. */
  arrayLength?: number;
}

const tries = 20;
const maxCombinations = 64;
const maxSites = 20_000;
const kindOrder: (JsonKind | 'integer')[] = ['string', 'number', 'object', 'array', 'boolean', 'null'];

/**
 * A value that is valid under `schema`, the same for the same seed on any machine and for any order of the schema's
 * keys (format.md 17.3, 17.4). Without a schema: one paragraph.
 *
 * @throws WfmError `mock_schema_unsupported` with the JSON pointer (`params.pointer`) where no value was found in 20
 *   tries; as `checkSchema` for an unsound schema
 */
export function sampleValue(schema: unknown, options: SampleOptions): unknown {
  if (schema === undefined || schema === null) {
    return (options.text ?? paragraph)({ title: 'Text', pointer: '', draw: drawFor(options.seed, '') });
  }
  const compiled = compileSchema(schema);
  try {
    return new Generator(compiled, options).make({
      nodes: [compiled.root],
      pointer: '',
      title: 'Text',
      trail: new Map(),
      attempt: 0,
    });
  } catch (thrown) {
    if (!(thrown instanceof Unsatisfiable) && !(thrown instanceof EndlessRecursion)) throw thrown;
    const pointer = thrown instanceof Unsatisfiable ? thrown.pointer : '';
    const message = `No example value could be made for ${pointer === '' ? 'the schema' : `"${pointer}" in the schema`} in ${tries} tries. Give the module a mock_output instead.`;
    throw new WfmError('mock_schema_unsupported', message, { params: { pointer } });
  }
}

class Generator implements Sampler {
  readonly compiled: CompiledSchema;
  readonly arrayLength: number;
  readonly #options: SampleOptions;
  #sites = 0;

  constructor(compiled: CompiledSchema, options: SampleOptions) {
    this.compiled = compiled;
    this.arrayLength = options.arrayLength ?? 3;
    this.#options = options;
  }

  drawAt(pointer: string, attempt: number): Draw {
    return drawFor(this.#options.seed, pointer, attempt);
  }

  /** Goes through the branches in their order, and tries each up to 20 times. */
  make(site: Site): unknown {
    const choices = new Choices();
    let failure: Unsatisfiable | EndlessRecursion | undefined;
    for (let combination = 0; combination === 0 || (combination < maxCombinations && choices.next()); combination++) {
      try {
        const { sources, trail } = gather(this.compiled, site.nodes, choices, site.trail);
        const kinds = sources ? kindsOf(sources) : [];
        if (sources && kinds.length > 0) return this.#attempts({ ...site, trail }, sources, kinds);
      } catch (thrown) {
        if (!(thrown instanceof Unsatisfiable) && !(thrown instanceof EndlessRecursion)) throw thrown;
        failure ??= thrown;
      }
    }
    throw failure ?? new Unsatisfiable(site.pointer);
  }

  #attempts(site: Site, sources: JsonObject[], kinds: (JsonKind | 'integer')[]): unknown {
    const listed = this.#listed(site, sources);
    for (let attempt = 0; attempt < tries; attempt++) {
      if (++this.#sites > maxSites) throw new Unsatisfiable(site.pointer);
      // The first kind gets half of the tries, in case the others are only there because nothing rules them out.
      const kind = kinds[attempt < tries / 2 ? 0 : attempt % kinds.length] ?? 'string';
      const at = { ...site, attempt: site.attempt + attempt };
      const value = listed
        ? listed[(this.drawAt(site.pointer, 0).int(0, listed.length - 1) + at.attempt) % listed.length]
        : this.#build(at, sources, kind, attempt);
      if (value !== undefined && (listed || this.#isValid(site, value))) return listed ? sortedCopy(value) : value;
    }
    throw new Unsatisfiable(site.pointer);
  }

  /** The values of `enum` and `const` that hold; undefined when the schema lists none. */
  #listed(site: Site, sources: JsonObject[]): unknown[] | undefined {
    const lists = sources.flatMap((source) => [
      ...(Object.hasOwn(source, 'const') ? [[own(source, 'const')]] : []),
      ...(Object.hasOwn(source, 'enum') ? [listOf(own(source, 'enum'))] : []),
    ]);
    const [first] = lists.sort((a, b) => a.length - b.length || compareText(sortedJson(a), sortedJson(b)));
    if (!first) return undefined;
    const valid = first.filter((value) => this.#isValid(site, value));
    if (valid.length === 0) throw new Unsatisfiable(site.pointer);
    return valid;
  }

  #isValid(site: Site, value: unknown): boolean {
    return site.nodes.every((node) => validateNode(this.compiled, node, value, { faults: 1 }).length === 0);
  }

  #build(site: Site, sources: JsonObject[], kind: JsonKind | 'integer', attempt: number): unknown {
    const draw = this.drawAt(site.pointer, site.attempt);
    switch (kind) {
      case 'null':
        return null;
      case 'boolean':
        return draw.int(0, 1) === 1;
      case 'integer':
      case 'number':
        return sampleNumber(sources, kind === 'integer', draw);
      case 'string':
        return this.#text(site, sources, draw);
      case 'array':
        return sampleArray(this, titled(site, sources), sources, attempt);
      default:
        return sampleObject(this, titled(site, sources), sources, attempt);
    }
  }

  #text(site: Site, sources: JsonObject[], draw: Draw): string | undefined {
    const minLength = largest(sources, 'minLength');
    const maxLength = smallest(sources, 'maxLength');
    const patterns = valuesOf(sources, 'pattern', isString).sort();
    if (patterns.length > 0)
      return samplePattern(patterns[site.attempt % patterns.length] ?? '', draw, minLength, maxLength);
    for (const format of valuesOf(sources, 'format', isString).sort()) {
      const text = sampleFormat(format, draw, minLength, maxLength);
      if (text !== undefined) return text;
    }
    const { title } = titled(site, sources);
    const hint: TextHint = { title, pointer: site.pointer, draw };
    if (minLength !== undefined) hint.minLength = minLength;
    if (maxLength !== undefined) hint.maxLength = maxLength;
    return fitText((this.#options.text ?? plainText)(hint), minLength, maxLength);
  }
}

function titled(site: Site, sources: JsonObject[]): Site {
  const title = valuesOf(sources, 'title', isString).find((text) => text.trim() !== '');
  return title === undefined ? site : { ...site, title };
}

const hints: [JsonKind, string[]][] = [
  [
    'object',
    [
      'properties',
      'required',
      'additionalProperties',
      'patternProperties',
      'propertyNames',
      'minProperties',
      'maxProperties',
      'unevaluatedProperties',
    ],
  ],
  ['array', ['items', 'prefixItems', 'contains', 'minItems', 'maxItems', 'uniqueItems', 'unevaluatedItems']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
];

/** The kinds of value the sources leave open, the likeliest first; null is the last resort. */
function kindsOf(sources: readonly JsonObject[]): (JsonKind | 'integer')[] {
  let kinds: (JsonKind | 'integer')[] | undefined;
  for (const source of sources) {
    if (!Object.hasOwn(source, 'type')) continue;
    const named = [own(source, 'type')].flat() as (JsonKind | 'integer')[];
    kinds = kinds ? intersect(kinds, named) : named;
  }
  kinds ??= hints
    .filter(([, keywords]) => keywords.some((keyword) => sources.some((source) => Object.hasOwn(source, keyword))))
    .map(([kind]) => kind);
  if (!sources.some((source) => Object.hasOwn(source, 'type'))) kinds = [...new Set([...kinds, ...kindOrder])];
  return [...kinds.filter((kind) => kind !== 'null'), ...kinds.filter((kind) => kind === 'null')];
}

function intersect(a: (JsonKind | 'integer')[], b: (JsonKind | 'integer')[]): (JsonKind | 'integer')[] {
  const both = a.filter((kind) => b.includes(kind) || (kind === 'integer' && b.includes('number')));
  return b.includes('integer') && a.includes('number') && !both.includes('integer') ? [...both, 'integer'] : both;
}

/** A copy with its keys sorted, so that the order in the schema does not show. */
function sortedCopy(value: unknown): unknown {
  return JSON.parse(sortedJson(value)) as unknown;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
