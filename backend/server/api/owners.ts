import type { OwnerChecks } from '@wfm/http';
import { WfmError } from '@wfm/workflow-engine/errors';
import { type Database, type TemplateRow, templateNotFoundError } from '@wfm/workflow-engine/ports';

/** Whose objects they are (security.md S7): for a stranger an object does not exist, administrators included. */
export function ownerChecks(database: Database): OwnerChecks {
  const visible = async (templateId: string, userId: string): Promise<TemplateRow> => {
    const template = await database.definitions.findTemplate({ templateId });
    if (template && (template.owner_id === userId || template.is_global)) return template;
    throw templateNotFoundError(templateId);
  };
  return {
    async run(runId, { userId }) {
      const run = await database.runs.find({ runId });
      if (run?.user_id === userId) return;
      throw new WfmError('run_not_found', 'There is no such run.', { params: { workflow_run_id: runId } });
    },
    async task(taskId, { userId }) {
      const task = await database.tasks.find({ taskId });
      if (task?.user_id === userId) return;
      throw new WfmError('task_not_found', 'There is no such task.', { params: { task_id: taskId } });
    },
    async template(templateId, { userId }) {
      await visible(templateId, userId);
    },
    async own_template(templateId, { userId }) {
      const template = await visible(templateId, userId);
      if (template.owner_id === userId) return;
      throw new WfmError('forbidden', 'This template belongs to somebody else. Clone a version of it to change it.');
    },
  };
}
