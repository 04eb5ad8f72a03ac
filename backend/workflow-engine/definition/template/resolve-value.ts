import { isWfmError, WfmError } from '../../errors/index.ts';
import { limits } from '../../models/limits.ts';
import { evaluateTemplate, renderTemplate } from './interpret.ts';
import { parseTemplate } from './parse-template.ts';
import type { RenderContext } from './run.ts';

export interface ResolveOptions {
  /** Keys whose values belong to the client (format.md 5.7): passed on as by `sourceDeep`, at any depth. */
  skipKeys?: ((key: string) => boolean) | undefined;
  /** Nodes to hand out as they are, nothing below them looked at. */
  untouched?: ((node: unknown) => boolean) | undefined;
}

/** Most work of one call, many templates together: ten times the budget of one. */
const visitsTogether = 10 * limits.templateNodeVisits;

/** Keys of a typed node as format.md 3.6 has it. With any other key (a `role`, say) it stays an object. */
const typedNodeKeys = new Set(['type', 'content', 'cache_ttl', '$source', 'comment']);
const plainKey = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;

/**
 * Resolves a value deeply (format.md 5.1, 5.4, 3.4-3.7): strings are rendered, typed nodes become their string or,
 * with `cache_ttl`, `{ content, type, cache_ttl }`; keys are not rendered. What needs no change comes back as the
 * same reference, and so does what a lone expression reads from the roots. `context.place` is the place of `value`;
 * errors and `onUndefined` get the place of the string concerned. Throws what parsing and rendering throw, and
 * `json_too_deep` over 64 levels.
 */
export function resolveDeep(value: unknown, context: RenderContext, options: ResolveOptions = {}): unknown {
  const meter = context.meter ?? { left: visitsTogether };
  return new Resolver({ ...context, meter }, options).resolve(value, 0);
}

/** A value as the client gets it (format.md 5.2): untouched, but typed nodes as their source string. */
export function sourceDeep(value: unknown, place?: string): unknown {
  return new Resolver({ roots: {}, place }, {}).source(value, 0);
}

class Resolver {
  private readonly context: RenderContext;
  private readonly options: ResolveOptions;
  private readonly path: (string | number)[] = [];

  constructor(context: RenderContext, options: ResolveOptions) {
    this.context = context;
    this.options = options;
  }

  resolve(value: unknown, depth: number): unknown {
    if (this.options.untouched?.(value)) return value;
    if (typeof value === 'string') return mayBeTemplate(value) ? this.render(value, true) : value;
    if (typeof value !== 'object' || value === null) return value;
    this.checkDepth(depth);
    if (Array.isArray(value)) return this.mapList(value, (item) => this.resolve(item, depth + 1));
    const type = typedContent(value);
    if (type !== null && isTypedNode(value)) return this.resolveTypedNode(value, type);
    return this.mapObject(value, (item, key) => {
      if (this.options.skipKeys?.(key)) return this.source(item, depth + 1);
      // A prompt part with a role keeps its shape; its `type` still says how its content is meant (3.4, 3.9).
      if (key === 'content' && type !== null) return this.typedText(item as string, type);
      return this.resolve(item, depth + 1);
    });
  }

  source(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null) return value;
    this.checkDepth(depth);
    if (Array.isArray(value)) return this.mapList(value, (item) => this.source(item, depth + 1));
    if (typedContent(value) !== null && isTypedNode(value)) return (value as { content: string }).content;
    return this.mapObject(value, (item) => this.source(item, depth + 1));
  }

  private resolveTypedNode(node: object, type: 'text' | 'jinja2'): unknown {
    const { content, cache_ttl: ttl } = node as { content: string; cache_ttl?: unknown };
    const text = this.typedText(content, type);
    return ttl === undefined || ttl === null ? text : { content: text, type, cache_ttl: ttl };
  }

  private typedText(content: string, type: 'text' | 'jinja2'): unknown {
    return type === 'text' ? content : this.render(content, false);
  }

  private render(source: string, keepsType: boolean): unknown {
    const place = this.place();
    const context = { ...this.context, place };
    const template = this.parse(source, place);
    return keepsType ? evaluateTemplate(template, context) : renderTemplate(template, context);
  }

  private parse(source: string, place: string | undefined): ReturnType<typeof parseTemplate> {
    try {
      return parseTemplate(source);
    } catch (thrown) {
      // Parsing knows no place, since one parsed template serves many.
      if (!isWfmError(thrown) || place === undefined) throw thrown;
      throw new WfmError(thrown.code, thrown.message, { params: thrown.params, place });
    }
  }

  private mapList(list: readonly unknown[], convert: (item: unknown) => unknown): unknown {
    let changed: unknown[] | null = null;
    for (let index = 0; index < list.length; index += 1) {
      this.path.push(index);
      const converted = convert(list[index]);
      this.path.pop();
      if (converted === list[index]) continue;
      changed ??= [...list];
      changed[index] = converted;
    }
    return changed ?? list;
  }

  private mapObject(object: object, convert: (item: unknown, key: string) => unknown): unknown {
    const entries: [string, unknown][] = [];
    let isChanged = false;
    for (const key of Object.keys(object)) {
      const item = (object as Record<string, unknown>)[key];
      if (key === '__proto__') {
        isChanged = true;
        continue;
      }
      this.path.push(key);
      const converted = convert(item, key);
      this.path.pop();
      if (converted !== item) isChanged = true;
      entries.push([key, converted]);
    }
    return isChanged ? Object.fromEntries(entries) : object;
  }

  private checkDepth(depth: number): void {
    const limit = limits.jsonDepth;
    if (depth < limit) return;
    const params = { limit, actual: depth + 1 };
    throw new WfmError('json_too_deep', `The value is nested more than ${limit} levels deep.`, {
      params,
      ...(this.context.place === undefined ? {} : { place: this.context.place }),
    });
  }

  /** Written only when it is needed: for a string that is a template. */
  private place(): string | undefined {
    const { place } = this.context;
    if (this.path.length === 0) return place;
    let text = place ?? '';
    for (const part of this.path) {
      if (typeof part === 'number') text += `[${part}]`;
      else if (!plainKey.test(part)) text += `[${JSON.stringify(part)}]`;
      else text += text === '' ? part : `.${part}`;
    }
    return text;
  }
}

/**
 * False for what can only be text. Such a string keeps even its last newline, which a template loses (6.7): a
 * separator of one newline must stay one.
 */
function mayBeTemplate(text: string): boolean {
  return text.includes('{') && (text.includes('{{') || text.includes('{%') || text.includes('{#'));
}

/** The type of an object with text content of ours; null for any other object. */
function typedContent(value: object): 'text' | 'jinja2' | null {
  const type = Object.hasOwn(value, 'type') ? (value as { type: unknown }).type : null;
  if (type !== 'text' && type !== 'jinja2') return null;
  return Object.hasOwn(value, 'content') && typeof (value as { content: unknown }).content === 'string' ? type : null;
}

function isTypedNode(value: object): boolean {
  return Object.keys(value).every((key) => typedNodeKeys.has(key));
}
