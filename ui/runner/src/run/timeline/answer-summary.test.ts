import { describe, expect, it } from 'vitest';
import type { HistoryRecord } from '../model/run-api.ts';
import { summarise } from './answer-summary.ts';

const record = (request: object, response: Record<string, unknown> | null): HistoryRecord => ({
  interaction_id: 'i',
  step_id: 's',
  module_name: 'm',
  request,
  requested_at: '',
  status: 'answered',
  response,
  action_id: null,
  answered_at: null,
});
const texts = (...said: string[]) => ({ kind: 'texts', texts: said, more: 0 });

describe('2.3 a finished card says in a line what was answered', () => {
  it('a choice by what the chosen items call themselves, wherever they lie', () => {
    const dishes = {
      mains: [
        { id: 'm1', name: 'Dal' },
        { id: 'm2', name: 'Risotto' },
      ],
    };
    const select = { interaction_type: 'select_from_structured', data: dishes, multi_select: false };
    expect(summarise(record(select, { selected_indices: ['mains', 1] }))).toEqual(texts('Risotto'));
    const many = { ...select, data: ['a', 'b', 'c', 'd', 'e'], multi_select: true };
    expect(summarise(record(many, { selected_indices: [0, 1, 3, 4] }))).toEqual({
      kind: 'texts',
      texts: ['a', 'b', 'd'],
      more: 1,
    });
    expect(summarise(record(select, { selected_indices: ['gone', 7] }))).toEqual(texts('gone › 7'));
  });

  it('chosen pictures by how they look; media of which none was chosen by a word', () => {
    const content = (id: string) => ({ content_id: id, url: `/media/${id}`, mime: 'image/png' });
    const select = {
      interaction_type: 'select_from_structured',
      data: [content('a'), content('b')],
      multi_select: false,
    };
    expect(summarise(record(select, { selected_indices: [1] }))).toEqual({
      kind: 'pictures',
      urls: ['/media/b'],
      more: 0,
    });
    const made = { local: [{ content_items: [content('c'), { ...content('s'), mime: 'audio/wav' }] }] };
    const media = { interaction_type: 'media_generation', generations: made };
    const chosen = (id: string | null) => summarise(record(media, { selected_content_id: id }));
    expect(chosen('c')).toEqual({ kind: 'pictures', urls: ['/media/c'], more: 0 });
    expect(chosen('s')).toEqual({ kind: 'words', word: 'chosenMade' });
    expect(chosen(null)).toEqual({ kind: 'words', word: 'nothing' });
  });

  it('a text as it is, cut where it is long; a form by its fields, without ours; a file by its name', () => {
    expect(summarise(record({ interaction_type: 'text_input' }, { value: 'pier' }))).toEqual(texts('pier'));
    expect(summarise(record({ interaction_type: 'text_input' }, { value: 'x'.repeat(500) }))).toEqual(
      texts(`${'x'.repeat(160)}…`),
    );
    const form = { form_data: [{ _index: 0, servings: 6, note: '' }] };
    expect(summarise(record({ interaction_type: 'form_input' }, form))).toEqual(texts('servings: 6'));
    const file = { value: 'data:image/png;base64,AAAA', filename: 'pier.png' };
    expect(summarise(record({ interaction_type: 'file_input' }, file))).toEqual(texts('pier.png'));
  });

  it('what has no words of its own by one of ours; an unknown type as it is', () => {
    expect(summarise(record({ interaction_type: 'confirm' }, { value: '' }))).toEqual({
      kind: 'words',
      word: 'confirmed',
    });
    expect(summarise(record({ interaction_type: 'text_input' }, null))).toEqual({ kind: 'words', word: 'nothing' });
    expect(summarise(record({ interaction_type: 'text_input' }, { cancelled: true }))).toEqual({
      kind: 'words',
      word: 'cancelled',
    });
    expect(summarise(record({ interaction_type: 'dance' }, { step: 2 }))).toEqual(texts('{"step":2}'));
  });
});
