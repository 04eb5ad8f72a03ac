import { readFileReference, targetOf } from '@wfm/workflow-engine/definition';
import { isJsonObject, limits } from '@wfm/workflow-engine/models';
import { type Address, type EditorDocument, fileAt, partAt } from './document.ts';

/** A part of the definition and the address where it really stands, behind the references to files that lead there. */
export interface Followed {
  readonly value: unknown;
  readonly address: Address;
}

/**
 * Goes behind references (format.md 3): of a JSON file, its value; of a text or template, the reference itself, since
 * that is what an input holds. A reference that leads nowhere, or in a circle, is given as it is written.
 */
export function follow(document: EditorDocument, address: Address): Followed {
  let here: Followed = { value: partAt(document, address), address };
  for (let depth = 0; depth < limits.refDepth; depth += 1) {
    const target = referenceTarget(here.value, here.address.file);
    if (target?.type !== 'json' || fileAt(document, target.file)?.kind !== 'json') return here;
    const next = { file: target.file, path: [] };
    here = { value: partAt(document, next), address: next };
  }
  return here;
}

/** The file that a reference names, from the file that it stands in; undefined for anything else. */
export function referenceTarget(value: unknown, from: string): { file: string; type: string | undefined } | undefined {
  const reference = isJsonObject(value) ? readFileReference(value) : undefined;
  const file = reference && targetOf(reference.path, from);
  return reference && file !== undefined ? { file, type: reference.type } : undefined;
}
