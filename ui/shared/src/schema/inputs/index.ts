import { inferInputKind, inputKinds, type ViewNode } from '@wfm/workflow-engine/display';
import { isJsonObject } from '@wfm/workflow-engine/models';
import type { ComponentType } from 'react';
import { CheckboxInput } from './checkbox-input.tsx';
import { ChecksInput } from './checks-input.tsx';
import { ColorInput } from './color-input.tsx';
import { ComboboxInput } from './combobox-input.tsx';
import { CropInput } from './crop-input.tsx';
import { DateInput } from './date-input.tsx';
import { FileInput } from './file-input.tsx';
import { GroupInput } from './group-input.tsx';
import { ImagePickInput } from './image-pick-input.tsx';
import type { InputProps } from './input-props.ts';
import { JsonInput } from './json-input.tsx';
import { ListInput } from './list-input.tsx';
import { NumberInput } from './number-input.tsx';
import { RadioInput } from './radio-input.tsx';
import { SelectInput } from './select-input.tsx';
import { SliderInput } from './slider-input.tsx';
import { TagsInput } from './tags-input.tsx';
import { TextInput } from './text-input.tsx';
import { TextareaInput } from './textarea-input.tsx';

const inputs: Readonly<Record<string, ComponentType<InputProps>>> = {
  text: TextInput,
  textarea: TextareaInput,
  number: NumberInput,
  slider: SliderInput,
  select: SelectInput,
  combobox: ComboboxInput,
  radio: RadioInput,
  checkbox: CheckboxInput,
  switch: CheckboxInput,
  checks: ChecksInput,
  tags: TagsInput,
  date: DateInput,
  color: ColorInput,
  file: FileInput,
  'image-pick': ImagePickInput,
  crop: CropInput,
  group: GroupInput,
  list: ListInput,
  json: JsonInput,
};

/** A choice among more becomes a box to search in (ux.md 3.2). */
const mostPlain = 12;

/** The input of a kind; what can be chosen from is chosen from, an unknown kind is JSON (ux.md 3.3, promise 2). */
export function inputOf(kind: string, hasOptions: boolean, count: number): ComponentType<InputProps> {
  if (hasOptions && (kind === 'text' || kind === 'select')) return count > mostPlain ? ComboboxInput : SelectInput;
  if (!hasOptions && (kind === 'select' || kind === 'combobox' || kind === 'radio')) return TextInput;
  return inputs[kind] ?? JsonInput;
}

const groups = new Set(['radio', 'checks', 'list', 'image-pick', 'crop', 'group']);

/** True for inputs of several controls: their label is a legend. */
export function ownLabel(kind: string): boolean {
  return groups.has(kind);
}

type Mark = NonNullable<ViewNode['marks']>[number];

/**
 * The kind of input for a schema and an author's wish. A kind that does not exist, or does not fit what the schema asks
 * for, is not obeyed but marked: the field can be filled in all the same (ux.md 3.3, promise 2).
 */
export function chooseInput(schema: Readonly<Record<string, unknown>>, wish: unknown): { kind: string; mark?: Mark } {
  const inferred = inferInputKind(schema);
  const own = inferred === 'json' && isJsonObject(schema['properties']) ? 'group' : inferred;
  const wanted = isJsonObject(wish) ? wish['kind'] : wish;
  if (wanted === undefined) return { kind: own };
  if (typeof wanted !== 'string' || !inputKinds.includes(wanted)) return { kind: own, mark: 'kind_unknown' };
  return fits(wanted, schema['type']) ? { kind: wanted } : { kind: own, mark: 'kind_unfit' };
}

/** What a kind of input gives, where that is always of one type. */
const gives: Readonly<Record<string, readonly string[]>> = {
  number: ['number', 'integer'],
  slider: ['number', 'integer'],
  checkbox: ['boolean'],
  switch: ['boolean'],
  checks: ['array'],
  tags: ['array'],
  list: ['array'],
  textarea: ['string'],
  color: ['string'],
};

function fits(kind: string, type: unknown): boolean {
  const types: unknown[] = Array.isArray(type) ? type : [type];
  return type === undefined || !Object.hasOwn(gives, kind) || types.some((name) => gives[kind]?.includes(String(name)));
}
