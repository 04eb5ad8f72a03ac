import type { StoreRows } from '@wfm/workflow-engine/ports/memory';

/** The value that takes the most room, so that a person knows what to make smaller. */
export interface LargestValue {
  /** `outputs of write/slogans: response`, `file menu.json`. */
  what: string;
  /** Of its JSON. */
  bytes: number;
}

/** Finds the largest single value of a preview: an input, output or answer of a module, a file, a record of media, or the workflow itself. */
export function largestValue(stores: StoreRows): LargestValue | null {
  let largest: LargestValue | null = null;
  const consider = (what: string, bytes: number): void => {
    if (largest === null || bytes > largest.bytes) largest = { what, bytes };
  };
  const keptFor = new Map<string, string>();
  for (const event of stores.events) {
    const where = `${event.step_id ?? ''}/${event.module_name ?? ''}`;
    for (const [field, value] of Object.entries(event.data)) {
      if (field.endsWith('_ref'))
        keptFor.set((value as { sha256: string }).sha256, `${field.slice(0, -4)} of ${where}`);
      else considerMembers(consider, `${field} of ${where}`, value);
    }
  }
  for (const { sha256, json } of stores.values) consider(keptFor.get(sha256) ?? 'a large value', json.length);
  for (const file of stores.files) consider(`file ${file.filename}`, file.data.length);
  for (const row of stores.generations) consider(`what ${row.provider} was asked and answered`, sizeOf(row));
  for (const { definition } of stores.definitions) consider('the workflow', sizeOf(definition));
  return largest;
}

/** The members of an object one by one: "outputs" says less than "outputs: response". */
function considerMembers(consider: (what: string, bytes: number) => void, what: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) consider(what, sizeOf(value));
  else for (const [key, member] of Object.entries(value)) consider(`${what}: ${key}`, sizeOf(member));
}

function sizeOf(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}
