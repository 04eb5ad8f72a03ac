import {
  changeField,
  disabledFields,
  type FieldOption,
  fieldOptions,
  type FormField,
  formFields,
  type FormSource,
  type FormState,
  inputSource,
  startForm,
  visibleFields,
} from '@wfm/workflow-engine/display';

/** What is wrong with a field, by its name in the form. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** All that one field is drawn from; the same object while nothing of it has changed. */
export interface FieldSnapshot {
  readonly value: unknown;
  readonly options: readonly FieldOption[] | undefined;
  readonly enabled: boolean;
  readonly error: string | undefined;
  readonly required: boolean;
  /** What the input's `source` names now. */
  readonly source: unknown;
}

/** A form being filled in. Each field is subscribed to itself, so that an edit draws only what it changes (ux.md G2). */
export class FormStore {
  private source: FormSource;
  private state: FormState;
  private fields: readonly FormField[];
  private readonly required: ReadonlySet<unknown>;
  private names: readonly string[] = [];
  private readonly snapshots = new Map<string, FieldSnapshot>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly layoutListeners = new Set<() => void>();
  private errors: readonly FieldError[] = [];
  private readonly onChange: (state: FormState) => void;

  constructor(source: FormSource, initial: FormState | undefined, onChange: (state: FormState) => void) {
    this.source = source;
    this.onChange = onChange;
    this.fields = formFields(source.schema);
    this.required = requiredOf(source.schema);
    this.state = initial ?? startForm(source);
    this.refresh();
  }

  getState(): FormState {
    return this.state;
  }

  field(name: string): FormField | undefined {
    return this.fields.find((field) => field.name === name);
  }

  /** Names of the fields that are drawn, in order. */
  readonly visible = (): readonly string[] => this.names;

  readonly subscribeToLayout = (listener: () => void): (() => void) => {
    this.layoutListeners.add(listener);
    return () => this.layoutListeners.delete(listener);
  };

  snapshot(name: string): FieldSnapshot {
    return this.snapshots.get(name) ?? empty;
  }

  subscribe(name: string, listener: () => void): () => void {
    const listeners = this.listeners.get(name) ?? new Set();
    listeners.add(listener);
    this.listeners.set(name, listeners);
    return () => listeners.delete(listener);
  }

  set(name: string, value: unknown): void {
    this.state = changeField(this.state, name, value, this.source);
    this.errors = this.errors.filter(({ field }) => field !== name);
    this.refresh();
    this.onChange(this.state);
  }

  /** Values from elsewhere: settings that were used before. */
  replace(state: FormState): void {
    this.state = state;
    this.refresh();
    this.onChange(this.state);
  }

  setErrors(errors: readonly FieldError[]): void {
    if (errors === this.errors) return;
    this.errors = errors;
    this.refresh();
  }

  private refresh(): void {
    const { values } = this.state;
    const disabled = new Set(disabledFields(this.fields, values, this.source.state));
    const names = visibleFields(this.state, this.source).map(({ name }) => name);
    for (const name of names) {
      const before = this.snapshots.get(name);
      const field = this.field(name);
      const next: FieldSnapshot = {
        value: values[name],
        options: before && field && !depends(field) ? before.options : this.optionsOf(name, before?.options),
        enabled: !disabled.has(name),
        error: this.errors.find((error) => error.field === name)?.message,
        required: this.required.has(name),
        source: inputSource(this.state, name, this.source),
      };
      if (before && same(before, next)) continue;
      this.snapshots.set(name, next);
      for (const listener of this.listeners.get(name) ?? []) listener();
    }
    if (names.length === this.names.length && names.every((name, index) => name === this.names[index])) return;
    this.names = names;
    for (const listener of this.layoutListeners) listener();
  }

  private optionsOf(name: string, before: FieldSnapshot['options']): FieldSnapshot['options'] {
    const options = fieldOptions(this.state, name, this.source);
    return before && JSON.stringify(before) === JSON.stringify(options) ? before : options;
  }
}

const empty: FieldSnapshot = {
  value: undefined,
  options: undefined,
  enabled: true,
  error: undefined,
  required: false,
  source: undefined,
};

/** True for options that come from what is chosen in another field (format.md 19.3). */
function depends({ ui }: FormField): boolean {
  const { from } = (ui['options'] ?? {}) as { from?: unknown };
  return typeof from === 'string' && from.startsWith('selected');
}

function same(a: FieldSnapshot, b: FieldSnapshot): boolean {
  const isSame = a.value === b.value && a.options === b.options && a.enabled === b.enabled && a.error === b.error;
  return isSame && a.source === b.source;
}

/** Names that the form's schema asks for. What has a value from the beginning needs no mark. */
function requiredOf(schema: unknown): ReadonlySet<unknown> {
  const { required } = (schema ?? {}) as { required?: unknown };
  return new Set(Array.isArray(required) ? (required as unknown[]) : []);
}
