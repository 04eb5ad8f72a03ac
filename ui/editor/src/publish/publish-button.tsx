import { useExplain } from '@wfm/shared/app';
import { Button } from '@wfm/shared/components';
import { dataOf, productionApi } from '@wfm/shared/core';
import { Rocket } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { useChecks, useEditor, useSaving, useWorkbench } from '../workbench/workbench.ts';

/** Makes the draft a version that can be run. Errors in it, and what is not kept yet, stand in the way. */
export function PublishButton() {
  const words = useTranslations('publish');
  const explain = useExplain();
  const { templateId, keeper } = useWorkbench();
  const { state } = useSaving();
  const unparsed = useEditor(({ sourceBuffer }) => sourceBuffer !== null);
  const faulty = useChecks((checks) => !checks || 'failed' in checks.checked || hasErrors(checks.checked.diagnostics));
  const [busy, setBusy] = useState(false);
  const publish = async (): Promise<void> => {
    setBusy(true);
    try {
      await keeper.flush();
      const params = { path: { template: templateId } };
      const { created, number } = await dataOf(
        productionApi().POST('/workflow-templates/{template}/versions', { params, body: {} }),
      );
      const act = { label: words('toRun'), onClick: () => globalThis.location.assign(`/app/w/${templateId}`) };
      toast.success(words(created ? 'published' : 'nothingNew', { number }), { action: act, duration: 10_000 });
    } catch (error) {
      toast.error(explain(error).title, { description: explain(error).text });
    } finally {
      setBusy(false);
    }
  };
  const blocked = unparsed || faulty || state === 'conflict' || state === 'refused';
  return (
    <Button
      look="primary"
      busy={busy}
      disabled={blocked}
      {...(blocked ? { title: words('blocked') } : {})}
      icon={<Rocket aria-hidden className="size-4" />}
      onClick={() => void publish()}
    >
      {words('publish')}
    </Button>
  );
}

const hasErrors = (found: readonly { severity: string }[]): boolean =>
  found.some(({ severity }) => severity === 'error');
