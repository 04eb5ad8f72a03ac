import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Combobox, type ComboboxItem, Dialog } from '@wfm/shared/components';
import { dataOf, productionApi } from '@wfm/shared/core';
import { useTranslations } from 'use-intl';

/** Ctrl+K: any page, run or workflow by a part of its name. */
export function GoToDialog({ isAdmin, onClose }: { isAdmin: boolean; onClose: () => void }) {
  const words = useTranslations('keys');
  const nav = useTranslations('nav');
  const navigate = useNavigate();
  const runs = useQuery({
    queryKey: ['runs', { limit: 100 }],
    queryFn: () => dataOf(productionApi().GET('/workflows', { params: { query: { limit: 100 } } })),
  });
  const templates = useQuery({
    queryKey: ['templates', { limit: 200 }],
    queryFn: () => dataOf(productionApi().GET('/workflow-templates', { params: { query: { limit: 200 } } })),
  });
  const items: ComboboxItem[] = [
    { id: '/', label: nav('home') },
    { id: '/waiting', label: nav('waiting') },
    { id: '/runs', label: nav('runs') },
    { id: '/settings', label: nav('settings') },
    ...(isAdmin ? [{ id: '/admin/users', label: nav('users') }] : []),
    ...(templates.data?.items ?? []).map(({ template_id: id, name }) => ({
      id: `/w/${id}`,
      label: name,
      group: words('workflow'),
    })),
    ...(runs.data?.items ?? []).map((run) => ({
      id: `/r/${run.workflow_run_id}`,
      label: run.project_name,
      group: run.template_name,
    })),
  ];
  return (
    <Dialog open look="small" onClose={onClose} title={words('goTo')}>
      <div className="min-h-96">
        <Combobox
          id="go-to"
          label={words('goTo')}
          items={items}
          value={null}
          autoFocus
          onChange={(to) => {
            if (to === null) return;
            onClose();
            const [, kind, id = ''] = to.split('/');
            if (kind === 'r') void navigate({ to: '/r/$run', params: { run: id } });
            else if (kind === 'w') void navigate({ to: '/w/$id', params: { id } });
            else void navigate({ to });
          }}
        />
      </div>
    </Dialog>
  );
}
