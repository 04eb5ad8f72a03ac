import { useExplain } from '@wfm/shared/app';
import { useState } from 'react';
import { toast } from 'sonner';
import { editorAddress } from '../start/open-editor.ts';
import { useLiveRun, useRunModel } from './model/use-run.ts';

/** From a run to the workflow that it follows: the editor, with this run in its preview (ux.md 2.4, 4). */
export function useEditing(): {
  busy: boolean;
  /** Absent: the run follows no workflow that is kept. `module`: where to begin; up to it the run is taken over. */
  edit: ((module?: { step_id: string; module_name: string }) => void) | undefined;
} {
  const explain = useExplain();
  const { runId } = useLiveRun();
  const { run, versionId } = useRunModel('run');
  const [busy, setBusy] = useState(false);
  const templateId = run?.template_id ?? null;
  if (templateId === null) return { busy, edit: undefined };
  return {
    busy,
    edit(module) {
      setBusy(true);
      const place = module ? { stepId: module.step_id, moduleName: module.module_name } : {};
      editorAddress({ templateId, versionId, runId, ...place }).then(
        (address) => globalThis.location.assign(address),
        (error: unknown) => {
          setBusy(false);
          toast.error(explain(error).text);
        },
      );
    },
  };
}
