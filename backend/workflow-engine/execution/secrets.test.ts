import { describe, expect, it } from 'vitest';
import { WfmError } from '../errors/index.ts';
import { createMemoryDatabase } from '../ports/memory/index.ts';
import { createRig } from '../testing/engine-rig.ts';
import { liveClock } from '../testing/live-clock.ts';
import { scriptedLlm } from '../testing/scripted-llm.ts';
import { versionIdOf } from '../definition/canonical-json.ts';
import { tail } from './tail.ts';
import { idOf, oneCall } from './testing/rigs.ts';

const secret = 'sk-never-to-be-seen-again';

describe('8.4 the key of a request', () => {
  it('reaches the model, and nothing else: no event, call, row, checkpoint, answer or frame holds it', async () => {
    const clock = liveClock();
    const database = createMemoryDatabase({ clock });
    const keys: (string | undefined)[] = [];
    const llm = scriptedLlm((_request, call, { apiKey }) => {
      keys.push(apiKey);
      if (call === 2) throw new WfmError('llm_auth', 'The vendor refused the key.');
      return 'said';
    });
    const rig = createRig({ database, clock, llm });
    const versionId = versionIdOf(oneCall);
    await database.definitions.keepDefinition({ versionId, definition: oneCall });
    const aiConfig = { provider: 'scripted', temperature: 0.5, api_key: secret };
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, aiConfig };
    const template = { templateId: null, templateName: 't', mode: 'real' as const, projectName: 'p', versionId };
    const answers = [await rig.processor.start({ ...caller, ...template })];
    const runId = answers[0]?.workflow_run_id ?? '';
    const retry = { ...caller, runId, mode: 'retry' as const, stepId: 's', moduleName: 'write', feedback: 'again' };
    const failed = await rig.processor.depart({
      ...retry,
      inputsOverride: { input: 'hi', api_key: secret, ai_config: { model: 'scripted-1', api_key: secret } },
    });
    expect(failed.status).toBe('error');
    answers.push(failed, await rig.processor.resume({ ...caller, runId }));
    const interactionId = answers.at(-1)?.interaction_request?.interaction_id ?? '';
    answers.push(await rig.processor.respond({ ...caller, runId, interactionId, answer: {} }));
    expect(answers.at(-1)?.status).toBe('completed');
    expect(keys).toEqual([secret, secret, secret]);

    const frames: unknown[] = [];
    const abort = new AbortController();
    for await (const frame of tail({
      ...database,
      progress: rig.processor.progress,
      runId,
      signal: abort.signal,
    })) {
      frames.push(frame);
      if (frame.event === 'workflow_completed') abort.abort();
    }
    const calls = await database.calls.list({ runId, limit: 99 });
    expect(calls.items).toHaveLength(3);
    const everything = JSON.stringify([database.export(), frames, calls, answers, await database.runs.find({ runId })]);
    expect(everything).toContain('"temperature":0.5');
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain('api_key');
  });

  it('lives as long as its execution: the next process asks without it', async () => {
    const clock = liveClock();
    const database = createMemoryDatabase({ clock });
    const keys: (string | undefined)[] = [];
    const llm = scriptedLlm((_request, _call, { apiKey }) => {
      keys.push(apiKey);
      return 'said';
    });
    const rig = createRig({ database, clock, llm });
    const asked = await rig.start(oneCall);
    const caller = { userId: rig.userId, sessionId: 's', waitMs: 5000, runId: idOf(asked) };
    const retry = { ...caller, mode: 'retry' as const, stepId: 's', moduleName: 'write' };
    await rig.processor.depart({ ...retry, aiConfig: { api_key: secret } });
    await rig.processor.depart(retry);
    expect(keys).toEqual([undefined, secret, undefined]);
  });
});
