import type { InteractionAnswer, InteractionRequest, RuleFailure, WorkflowResponse } from '@wfm/workflow-engine/models';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type ApiError, isApiError, newId } from '../../core/index.ts';
import { answerOf } from '../answers/draft.ts';
import type { Option } from '../frame/options.ts';
import type { InteractionHost } from '../host.ts';
import { isOver } from '../unsent/send-unsent.ts';
import type { Pending } from '../unsent/unsent-answers.ts';
import type { KeptDraft } from '../unsent/use-kept-draft.ts';
import { checkDraft } from './check-draft.ts';
import { sendUntilHeard } from './send-until-heard.ts';

/** After the last letter, before what was wrong is looked at again. */
const restMs = 300;

interface State {
  /** `waiting`: nobody can be reached; `sent`: taken, the next question is on its way; `closed`: somebody was first. */
  readonly phase: 'idle' | 'checking' | 'sending' | 'waiting' | 'sent' | 'closed';
  readonly option: Option | null;
  /** What the server refused; while waiting, why. */
  readonly error: unknown;
  readonly failures: readonly RuleFailure[];
  /** Counts the times at which the person is to be led to what is wrong. */
  readonly led: number;
  /** This page had sent another answer before, and not heard what became of it. */
  readonly hadSent: boolean;
}

export interface Answering extends State {
  /** At work: nothing can be changed or pressed meanwhile. */
  readonly isBusy: boolean;
  /** Checks and sends, once, however often it is pressed. */
  readonly submit: (option: Option, more?: InteractionAnswer) => void;
  /** Sends what was pressed all the same: its warnings are meant. */
  readonly confirm: () => void;
  /** Waits no longer for a connection. */
  readonly stop: () => void;
}

const idle: State = { phase: 'idle', option: null, error: null, failures: [], led: 0, hadSent: false };

/** From a press to what became of the answer: judged here, sent exactly once, judged there (U7, U8, G10). */
export function useAnswering(given: {
  request: InteractionRequest;
  host: InteractionHost;
  kept: KeptDraft;
  options: readonly Option[];
  onSent: (response: WorkflowResponse) => void;
  onClosed: (error: ApiError) => void;
}): Answering {
  const [state, setState] = useState(idle);
  const latest = useRef(given);
  latest.current = given;
  /** Held from a press until it is known what became of it. */
  const work = useRef<AbortController | null>(null);
  const asked = useRef<{ option: Option; more: InteractionAnswer } | null>(null);
  const confirmed = useRef<readonly string[]>([]);
  const last = useRef<Pending | null>(null);

  const change = useCallback((patch: Partial<State>): void => setState((now) => ({ ...now, ...patch })), []);
  const fail = useCallback(
    (failures: readonly RuleFailure[]): void =>
      setState((now) => ({ ...now, phase: 'idle', error: null, failures, led: now.led + 1 })),
    [],
  );

  const deliver = useCallback(
    async (pending: Pending, own: AbortController): Promise<void> => {
      const { host, kept } = latest.current;
      const hadSent = last.current !== null && last.current.key !== pending.key;
      last.current = pending;
      change({ phase: 'sending', error: null, failures: [], ...(hadSent ? { hadSent } : {}) });
      await kept.setPending(pending);
      try {
        const response = await sendUntilHeard(host, pending, {
          signal: own.signal,
          onWaiting: (error) => change(error ? { phase: 'waiting', error } : { phase: 'sending', error: null }),
        });
        if (response.status === 'validation_failed') {
          await kept.setPending(null);
          return fail([...response.validation_errors, ...response.validation_warnings]);
        }
        kept.forget();
        change({ phase: 'sent' });
        latest.current.onSent(response);
      } catch (error) {
        if (own.signal.aborted) return;
        const refusal = isApiError(error) ? error : null;
        if (refusal && isOver(refusal)) {
          kept.forget();
          change({ phase: 'closed', error: refusal });
          return latest.current.onClosed(refusal);
        }
        await kept.setPending(null);
        if (refusal?.problem.code === 'file_not_found') return fail([dropFile(kept)]);
        change({ phase: 'idle', error });
      }
    },
    [change, fail],
  );

  /** One act at a time: whatever is pressed meanwhile does nothing. */
  const once = useCallback(async (act: (own: AbortController) => Promise<void>): Promise<void> => {
    if (work.current) return;
    const own = new AbortController();
    work.current = own;
    try {
      await act(own);
    } finally {
      if (work.current === own) work.current = null;
    }
  }, []);

  const submit = useCallback(
    (option: Option, more: InteractionAnswer = {}): void =>
      void once(async (own) => {
        const { request, kept } = latest.current;
        if (!kept.store) return;
        asked.current = { option, more };
        change({ phase: 'checking', option });
        const answer = sentAnswer(answerOf(request, kept.store.get()), option, more, confirmed.current);
        const failures = await checkDraft(request, answer, option);
        if (own.signal.aborted) return;
        if (failures.length > 0) return fail(failures);
        const same = last.current && JSON.stringify(last.current.answer) === JSON.stringify(answer);
        await deliver(same && last.current ? last.current : { answer, key: newId() }, own);
      }),
    [once, change, fail, deliver],
  );

  const stop = useCallback((): void => {
    work.current?.abort();
    work.current = null;
    void latest.current.kept.setPending(null);
    change({ phase: 'idle', error: null });
  }, [change]);

  const { store, pending } = given.kept;
  useEffect(() => {
    if (!store) return undefined;
    // It had been sent when the page was left; nobody knows yet whether it came through.
    if (pending) {
      const id = pending.answer.action_id;
      change({ option: latest.current.options.find((option) => option.named && option.id === id) ?? null });
      void once((own) => deliver(pending, own));
    }
    return () => work.current?.abort();
  }, [store, pending, change, once, deliver]);

  const { phase, failures, error } = state;
  useEffect(() => {
    if (!store) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = store.subscribe(() => {
      if (phase === 'waiting') stop();
      else if (phase === 'idle' && error !== null) change({ error: null });
      const { current: press } = asked;
      if (phase !== 'idle' || failures.length === 0 || !press) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        const { request } = latest.current;
        const answer = sentAnswer(answerOf(request, store.get()), press.option, press.more, confirmed.current);
        void checkDraft(request, answer, press.option).then((left) => {
          setState((now) => (now.phase === 'idle' ? { ...now, failures: left } : now));
        });
      }, restMs);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [store, phase, failures, error, stop, change]);

  return useMemo(
    () => ({
      ...state,
      isBusy: /^(?:checking|sending|sent)$/.test(state.phase),
      submit,
      confirm() {
        if (!asked.current) return;
        const ids = state.failures.filter(({ severity }) => severity === 'warning').map(({ id }) => id);
        confirmed.current = [...new Set([...confirmed.current, ...ids])];
        submit(asked.current.option, asked.current.more);
      },
      stop,
    }),
    [state, submit, stop],
  );
}

function sentAnswer(
  answer: InteractionAnswer,
  option: Option,
  more: InteractionAnswer,
  confirmed: readonly string[],
): InteractionAnswer {
  return {
    ...answer,
    ...more,
    ...(option.named ? { action_id: option.id } : {}),
    ...(confirmed.length === 0 ? {} : { confirmed_warnings: [...confirmed] }),
  };
}

/** An upload is kept for an hour: what was begun before has to be chosen again. */
function dropFile({ store }: KeptDraft): RuleFailure {
  const draft = store?.get();
  if (draft) {
    const { value: _value, filename: _name, ...answer } = draft.answer;
    store?.set({ ...draft, answer });
  }
  return { id: 'file_gone', rule: 'file_gone', field: 'value', message: 'file_gone', severity: 'error', params: {} };
}
