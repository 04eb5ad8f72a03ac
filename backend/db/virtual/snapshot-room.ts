import { WfmError } from '@wfm/workflow-engine/errors';
import { limits } from '@wfm/workflow-engine/models';
import type { StoreRows } from '@wfm/workflow-engine/ports/memory';
import { largestValue } from './largest-value.ts';

/** Counts what a copy takes while it is made, so that a run which no preview can hold is not read to its end. */
export class SnapshotRoom {
  readonly #rows: StoreRows;
  #taken = 0;

  /** @param rows what was copied so far, where the largest value is looked for */
  constructor(rows: StoreRows) {
    this.#rows = rows;
  }

  /**
   * Makes room for a value of so many bytes of JSON. Throws `snapshot_too_large` (format.md 23), naming the largest value
   * so far, which may be this one if it has a name.
   */
  take(bytes: number, what?: string): void {
    this.#taken += bytes;
    const limit = limits.snapshotInflated;
    if (this.#taken <= limit) return;
    const known = largestValue(this.#rows);
    const largest = what !== undefined && bytes > (known?.bytes ?? 0) ? { what, bytes } : known;
    const hint = largest ? ` The largest value in it is ${largest.what} (${largest.bytes} bytes).` : '';
    throw new WfmError(
      'snapshot_too_large',
      `The run takes more than the ${limit} bytes that a preview can hold.${hint} Open it up to an earlier event.`,
      { params: { limit, actual: this.#taken, form: 'uncompressed', largest }, place: 'workflow_run_id' },
    );
  }
}
