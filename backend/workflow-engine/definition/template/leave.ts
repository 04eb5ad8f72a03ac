import { limits } from '../../models/limits.ts';
import type { Run } from './run.ts';
import { emptyObject, SpecialValue } from './values.ts';

/**
 * The value of a lone expression as data: undefined becomes null, special values their data. Parts without any of
 * those are handed out as they are, not copied. What a template multiplied (`[[x] * 1000] * 1000` is small in memory
 * and huge when written) is counted as if written: over the size of one module's inputs is `template_limit`.
 */
export function leaveTemplate(run: Run, value: unknown): unknown {
  return new Leaver(run).convert(value, 0);
}

class Leaver {
  private readonly run: Run;
  private size = 0;

  constructor(run: Run) {
    this.run = run;
  }

  convert(value: unknown, depth: number): unknown {
    if (value === undefined) return null;
    if (typeof value === 'string') {
      this.size += value.length;
      if (this.size > limits.moduleValueBytes)
        this.run.over('characters in a value', limits.moduleValueBytes, this.size);
      return value;
    }
    if (typeof value !== 'object' || value === null) return value;
    this.run.checkDepth(depth);
    if (value instanceof SpecialValue) return this.convert(value.toData(), depth + 1);
    return Array.isArray(value) ? this.convertList(value, depth) : this.convertObject(value, depth);
  }

  private convertList(list: unknown[], depth: number): unknown[] {
    this.run.charge(list.length);
    let changed: unknown[] | null = Object.getPrototypeOf(list) === Array.prototype ? null : Array.from(list);
    for (const [index, item] of list.entries()) {
      const converted = this.convert(item, depth + 1);
      if (converted === item) continue;
      changed ??= [...list];
      changed[index] = converted;
    }
    return changed ?? list;
  }

  private convertObject(object: object, depth: number): object {
    const entries = Object.entries(object);
    this.run.charge(entries.length);
    let changed: Record<string, unknown> | null = null;
    for (const [key, item] of entries) {
      const converted = this.convert(item, depth + 1);
      if (converted === item) continue;
      changed ??= Object.assign(emptyObject(), object) as Record<string, unknown>;
      changed[key] = converted;
    }
    return changed ?? object;
  }
}
