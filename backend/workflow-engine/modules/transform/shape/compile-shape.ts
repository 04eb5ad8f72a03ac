import { type ErrorCode, isWfmError } from '../../../errors/index.ts';
import { isJsonObject, type JsonObject } from '../../../models/json.ts';
import type { DefinitionFinding } from '../../module.ts';
import { appendKey } from '../../../schema/location.ts';
import { isTemplate, type Renderer, tryParse } from '../../support/render-texts.ts';
import { replaceDollarNames } from './dollar-names.ts';

export interface ShapeOptions {
  renderer: Renderer;
  warn: (code: ErrorCode, message: string, place: string) => void;
  place: string;
}

/** Fills a shape with the values of one item. */
export type Shape = (roots: JsonObject) => unknown;

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Prepares a shape once, to be filled for many items (format.md 14.4): texts with templates are rendered by 5.4, keys
 * too; a text that fails stays as written, with a warning.
 */
export function compileShape(value: unknown, options: ShapeOptions): Shape {
  if (typeof value === 'string') return compileText(value, options);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compileShape(item, { ...options, place: `${options.place}[${index}]` }));
    return (roots) => items.map((item) => item(roots));
  }
  if (!isJsonObject(value)) return () => value;
  const members = Object.entries(value).map(([key, item]) => {
    const place = appendKey(options.place, key);
    return [compileText(key, { ...options, place }), compileShape(item, { ...options, place })] as const;
  });
  return (roots) => {
    const filled: JsonObject = {};
    for (const [key, item] of members) {
      const name = keyText(key(roots));
      if (!forbiddenKeys.has(name)) filled[name] = item(roots);
    }
    return filled;
  };
}

/** Texts of a written shape whose templates cannot be parsed; they stay as written, so these are warnings. */
export function shapeFindings(value: unknown, path: string): DefinitionFinding[] {
  if (typeof value === 'string') {
    const fault = isTemplate(value) ? tryParse(replaceDollarNames(value)) : undefined;
    if (!isWfmError(fault)) return [];
    return [{ code: fault.code, path, message: fault.message, params: fault.params, severity: 'warning' }];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => shapeFindings(item, `${path}[${index}]`));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const place = appendKey(path, key);
    return [...shapeFindings(key, place), ...shapeFindings(item, place)];
  });
}

function keyText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function compileText(text: string, { renderer, warn, place }: ShapeOptions): Shape {
  if (!isTemplate(text)) return () => text;
  const template = tryParse(replaceDollarNames(text));
  if (isWfmError(template)) {
    warn(template.code, `A template stays as written. ${template.message}`, place);
    return () => text;
  }
  return (roots) => {
    try {
      return renderer.evaluate(template, roots, place);
    } catch (thrown) {
      // Over its budget the whole module is over it; every other fault concerns this text alone.
      if (!isWfmError(thrown) || thrown.code === 'template_limit') throw thrown;
      warn(thrown.code, `A template stays as written. ${thrown.message}`, place);
      return text;
    }
  };
}
