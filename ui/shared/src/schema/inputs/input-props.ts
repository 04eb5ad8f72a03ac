import type { FieldOption } from '@wfm/workflow-engine/display';

/** What every input is drawn from. */
export interface InputProps {
  readonly id: string;
  /** Kind of format.md 18.3. */
  readonly kind: string;
  readonly name: string;
  readonly value: unknown;
  readonly options: readonly FieldOption[] | undefined;
  readonly schema: Readonly<Record<string, unknown>>;
  /** `source`, `rows`, `placeholder`, `step`, `accept`, `max_bytes`. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly disabled: boolean;
  readonly invalid: boolean;
  readonly describedBy: string | undefined;
  readonly label: string;
  readonly onChange: (value: unknown) => void;
}

/** How a box to type in looks. */
export const boxClass =
  'min-h-11 w-full rounded-md border border-line-strong bg-surface px-3 py-2 text-ink disabled:opacity-60 aria-invalid:border-bad';

/** What ties an input to its words. */
export function tied({ id, describedBy, invalid, disabled }: InputProps) {
  return { id, disabled, 'aria-describedby': describedBy, 'aria-invalid': invalid || undefined };
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}
