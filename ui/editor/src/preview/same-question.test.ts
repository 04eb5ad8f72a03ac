import type { InteractionRequest } from '@wfm/workflow-engine/models';
import { expect, test } from 'vitest';
import { sameQuestion } from './same-question.ts';

const asked = (interaction_id: string, more: object = {}) =>
  ({
    interaction_id,
    interaction_type: 'text_input',
    title: 'What?',
    max_length: 100,
    ...more,
  }) as unknown as InteractionRequest;

test('E12 a question that is asked anew keeps its first id while only its words change, and else has its own', () => {
  const first = sameQuestion(null, asked('a'));
  const again = sameQuestion(first, asked('b', { title: 'Which?' }));
  expect(again).toMatchObject({ interaction_id: 'a', title: 'Which?' });
  expect(sameQuestion(again, asked('c', { max_length: 5 })).interaction_id).toBe('c');
});
