import { answerFailures, validateAnswer } from '@wfm/workflow-engine/display';
import { interactionTypes, isJsonObject, type RuleFailure } from '@wfm/workflow-engine/models';
import { validateAgainst } from '@wfm/workflow-engine/schema';
import type { CheckReply, CheckRequest, QuestionCheck, QuestionVerdict } from './check-messages.ts';

/** The server's own validator, off the page's thread: one verdict on both sides (format.md 19.6). */
globalThis.addEventListener('message', ({ data }: MessageEvent<CheckRequest>) => {
  const { id } = data;
  const reply: CheckReply =
    'question' in data ? { id, verdict: verdictOf(data.question) } : { id, faults: faultsOf(data.schema, data.value) };
  globalThis.postMessage(reply);
});

function faultsOf(schema: unknown, value: unknown): { path: string; message: string }[] {
  // A schema that is itself unsound is the server's to speak of.
  return unlessUnsound(() => validateAgainst(schema, value).map(({ path, message }) => ({ path, message })), []);
}

function verdictOf({ request, answer, rules, confirmed }: QuestionCheck): QuestionVerdict {
  const several = 'multi_select' in request ? { multi_select: request.multi_select } : {};
  const own = unlessUnsound(() => [...answerFailures(request, answer), ...schemaFailures(request, answer)], []);
  const nothing = { errors: [], unconfirmed: [], notes: [] };
  const { errors, unconfirmed } = unlessUnsound(
    () => validateAnswer(answer, rules, confirmed, several, 'webui'),
    nothing,
  );
  return { errors: [...own, ...errors], unconfirmed };
}

/** A question of a type that is not known here may say by a schema what its answer is. */
function schemaFailures({ rules, interaction_type: type }: QuestionCheck['request'], answer: unknown): RuleFailure[] {
  if (interactionTypes.includes(type) || !isJsonObject(rules.answer_schema)) return [];
  return validateAgainst(rules.answer_schema, answer).map(({ path, message, keyword, params }) => ({
    id: 'form_invalid',
    rule: 'form_invalid',
    field: path,
    message,
    severity: 'error',
    params: { ...params, keyword },
  }));
}

function unlessUnsound<T>(judge: () => T, otherwise: T): T {
  try {
    return judge();
  } catch {
    return otherwise;
  }
}
