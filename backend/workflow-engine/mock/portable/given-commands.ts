import { WfmError } from '../../errors/index.ts';
import { reopenQuestion } from '../../execution/branches/reopen.ts';
import type { Caller } from '../../execution/commands.ts';
import type { WorkflowProcessor } from '../../execution/processor.ts';
import { moduleKey } from '../../execution/run-state.ts';
import type { WorkflowResponse } from '../../models/execution.ts';
import type { GivenCommand } from './saved-preview.ts';

/** Carries out what was done to a preview beside answering. Throws what the processor throws for it. */
export async function carryOutGiven(
  processor: WorkflowProcessor,
  caller: Caller & { runId: string },
  command: GivenCommand,
): Promise<WorkflowResponse> {
  const { runId, userId } = caller;
  switch (command.do) {
    case 'retry':
    case 'jump': {
      const { feedback, groups } = command;
      const inputsOverride = command.do === 'retry' ? command.inputs_override : undefined;
      return processor.depart({
        ...caller,
        ...placeOf(command.at),
        mode: command.do,
        ...(feedback === undefined ? {} : { feedback }),
        ...(groups === undefined ? {} : { groups }),
        ...(inputsOverride === undefined ? {} : { inputsOverride }),
      });
    }
    case 'reopen': {
      const { state } = await processor.load({ runId, userId });
      const { stepId, moduleName } = placeOf(command.at);
      const key = moduleKey(stepId, moduleName);
      const question = [...state.questions.values()].findLast((candidate) => candidate.key === key);
      if (!question) throw new WfmError('interaction_not_found', `${command.at} has asked nothing on this branch.`);
      return reopenQuestion(processor, { ...caller, interactionId: question.interactionId });
    }
    case 'resume':
      return processor.resume(caller);
    case 'sub_action': {
      const { state } = await processor.load({ runId, userId });
      const { executionId } = await processor.subActions.start({
        runId,
        userId,
        interactionId: state.open?.interactionId ?? '',
        subActionId: command.sub_action_id,
        params: command.params,
        ...(command.feedback === undefined ? {} : { feedback: command.feedback }),
      });
      await processor.subActions.finished(executionId);
      return processor.status({ runId, userId });
    }
  }
}

/** Step and module of a path. */
export function placeOf(path: string): { stepId: string; moduleName: string } {
  const cut = path.indexOf('/');
  return { stepId: path.slice(0, cut), moduleName: path.slice(cut + 1) };
}
