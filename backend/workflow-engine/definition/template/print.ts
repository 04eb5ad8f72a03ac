import type { Run } from './run.ts';
import { SpecialValue } from './values.ts';

/** A value as the text that `{{ }}` writes (format.md 6.6). Texts come back as they are, at no cost. */
export function print(run: Run, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return String(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'object':
      return value === null ? 'None' : printStructure(run, value);
    default:
      return '';
  }
}

function printStructure(run: Run, value: object): string {
  const data = value instanceof SpecialValue ? value.toData() : value;
  return typeof data === 'object' ? jsonText(run, data) : print(run, data);
}

/**
 * JSON with `", "` and `": "` between, keys in their own order; with `indent`, one entry a line. Undefined is null.
 * Costs a visit a node; stops with `template_limit` before more than 1 MB is built.
 */
export function jsonText(run: Run, value: unknown, indent = ''): string {
  const writer = new JsonWriter(run, indent);
  writer.write(value, 0, '\n');
  return writer.text;
}

class JsonWriter {
  text = '';
  private readonly run: Run;
  private readonly indent: string;

  constructor(run: Run, indent: string) {
    this.run = run;
    this.indent = indent;
  }

  write(value: unknown, depth: number, margin: string): void {
    if (typeof value === 'string') return this.add(JSON.stringify(value));
    if (typeof value === 'number') return this.add(Number.isFinite(value) ? String(value) : 'null');
    if (typeof value === 'boolean') return this.add(value ? 'true' : 'false');
    if (typeof value !== 'object' || value === null) return this.add('null');
    this.run.checkDepth(depth);
    if (value instanceof SpecialValue) return this.write(value.toData(), depth + 1, margin);
    const inner = margin + this.indent;
    if (Array.isArray(value)) {
      if (value.length === 0) return this.add('[]');
      let before = this.opening('[', inner);
      for (const item of value) {
        this.add(before);
        this.write(item, depth + 1, inner);
        before = this.between(inner);
      }
      return this.add(this.closing(']', margin));
    }
    const keys = Object.keys(value);
    if (keys.length === 0) return this.add('{}');
    let before = this.opening('{', inner);
    for (const key of keys) {
      this.add(`${before}${JSON.stringify(key)}: `);
      this.write((value as Record<string, unknown>)[key], depth + 1, inner);
      before = this.between(inner);
    }
    this.add(this.closing('}', margin));
  }

  private opening(bracket: string, inner: string): string {
    return this.indent === '' ? bracket : bracket + inner;
  }
  private between(inner: string): string {
    return this.indent === '' ? ', ' : `,${inner}`;
  }
  private closing(bracket: string, margin: string): string {
    return this.indent === '' ? bracket : margin + bracket;
  }

  private add(text: string): void {
    this.text += text;
    this.run.charge(1 + (text.length >>> 6));
    this.run.checkText(this.text.length);
  }
}
