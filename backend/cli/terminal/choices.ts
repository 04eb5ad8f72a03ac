import { selectableItems } from '@wfm/workflow-engine';
import { isJsonObject } from '@wfm/workflow-engine/models';
import { hintOf, schemaOfMember, shownMembers } from './outline.ts';

type Path = (string | number)[];

/** One item that can be chosen, as a line of a menu. */
export interface Choice {
  path: Path;
  label: string;
  /** The rest of the item, for whoever stands on its line. */
  hint: string;
}

const longestHint = 240;

/** What can be chosen in `data` (format.md 11.4), in drawing order. */
export function choicesOf(data: unknown, schema: unknown): Choice[] {
  return selectableItems(data, schema).paths.map((path) => {
    let value = data;
    let node = schema;
    for (const key of path) {
      value = (value as Record<string | number, unknown>)[key];
      node = schemaOfMember(node, key);
    }
    const group = path.length > 1 ? `${nameOf(path[0])}: ` : '';
    return { path, ...describe(value, node, group, nameOf(path.at(-1))) };
  });
}

/** A key, or a place as people count. */
function nameOf(key: string | number | undefined): string {
  return typeof key === 'number' ? `${key + 1}` : (key ?? '');
}

function describe(value: unknown, schema: unknown, group: string, fallback: string): { label: string; hint: string } {
  if (!isJsonObject(value)) return { label: group + oneLine(value), hint: '' };
  const members = shownMembers(value, schema).filter(([, item]) => typeof item !== 'object');
  const isTitle = ([key]: [string, unknown]) => hintOf(schemaOfMember(schema, key), 'slot') === 'title';
  const usual = ['label', 'title', 'name', 'id'].flatMap((key) => members.filter(([name]) => name === key));
  const title = members.find(isTitle) ?? usual[0];
  const rest = members.filter(([key]) => key !== title?.[0]).map(([, item]) => oneLine(item));
  const hint = rest.filter((text) => text !== '').join(' · ');
  return {
    label: group + (title ? oneLine(title[1]) : fallback),
    hint: hint.length > longestHint ? `${hint.slice(0, longestHint)}…` : hint,
  };
}

function oneLine(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.replace(/\s+/g, ' ').trim();
}

/** Chosen paths as an answer has them: plain indices or keys where every path has one part. */
export function selectedIndices(paths: readonly Path[]): unknown[] {
  return paths.every((path) => path.length === 1) ? paths.map(([only]) => only) : [...paths];
}
