import { Button, Card } from '@wfm/shared/components';
import type { Plan } from '@wfm/workflow-engine/models';
import { Zap } from 'lucide-react';
import { useFormatter, useTranslations } from 'use-intl';
import { useWorkbench } from '../workbench/workbench.ts';
import { choicesOf, choose, modeOf } from './settings.ts';

/** What running for real would do and cost; nothing has been called yet (E13). */
export function HeldCard({ plan }: { plan: Plan }) {
  const words = useTranslations('preview.real');
  const reasons = useTranslations('run.reason');
  const format = useFormatter();
  const workbench = useWorkbench();
  const choices = choicesOf(workbench.store.getState().history.present.document);
  const called = plan.modules.filter(
    ({ step_id, module_name, action, reason }) =>
      modeOf(choices, `${step_id}/${module_name}`) === 'real' &&
      (action === 'executed' || reason === 'depends_on_unknown'),
  );
  const cost = format.number(plan.likely_cost_usd, {
    style: 'currency',
    currency: 'USD',
    maximumFractionDigits: plan.likely_cost_usd < 0.1 ? 4 : 2,
  });
  const backToMock = (): void => {
    const modes = Object.fromEntries(Object.entries(choices.modes).filter(([, mode]) => mode !== 'real'));
    choose(workbench, { mock: true, modes });
  };
  return (
    <Card aria-label={words('title')} data-held className="grid gap-3 border-warn/40 p-4">
      <div className="flex items-start gap-3">
        <Zap aria-hidden className="mt-0.5 size-5 shrink-0 text-warn" />
        <div>
          <h3 className="font-semibold">{words('title')}</h3>
          <p className="text-sm text-ink-soft">{words('text')}</p>
        </div>
      </div>
      {called.length > 0 ? (
        <div className="text-sm">
          <p className="text-ink-soft">{words('calls')}</p>
          <ul className="mt-1 grid max-h-40 gap-1 overflow-auto" tabIndex={0} aria-label={words('calls')}>
            {called.map(({ step_id, module_name, reason, inputs = [], cost_usd }) => (
              <li key={`${step_id}/${module_name}`} className="flex flex-wrap gap-x-2">
                <code className="text-xs leading-5" data-content>
                  {module_name}
                </code>
                <span className="text-ink-soft">
                  {reasons.has(reason as 'forced')
                    ? reasons(reason as 'inputs_changed', { inputs: inputs.join(', ') })
                    : reason}
                </span>
                {cost_usd === undefined ? null : (
                  <span className="ms-auto tabular-nums">
                    {format.number(cost_usd, { style: 'currency', currency: 'USD', maximumFractionDigits: 4 })}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <p className="text-sm font-medium">
        {words('cost', { cost })} {plan.cost_unknown > 0 ? words('unknown', { count: plan.cost_unknown }) : null}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button size="small" look="primary" onClick={() => void workbench.preview.run(false, true)}>
          {words('run')}
        </Button>
        <Button size="small" onClick={backToMock}>
          {words('back')}
        </Button>
      </div>
    </Card>
  );
}
