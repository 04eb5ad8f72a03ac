import { FlaskConical, Zap } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useEditor, useWorkbench } from '../workbench/workbench.ts';
import { Segments } from './segments.tsx';
import { choicesOf, choose } from './settings.ts';

/** Mock or real, for all modules that have no mode of their own. Real shows its plan before it calls anything (E13). */
export function ModeSwitch() {
  const words = useTranslations('preview.mode');
  const workbench = useWorkbench();
  const mock = useEditor(({ history }) => choicesOf(history.present.document).mock);
  return (
    <Segments
      label={words('label')}
      value={mock ? 'mock' : 'real'}
      options={[
        { value: 'mock', label: words('mock'), icon: <FlaskConical aria-hidden className="size-3.5" /> },
        { value: 'real', label: words('real'), icon: <Zap aria-hidden className="size-3.5" /> },
      ]}
      onChange={(mode) => choose(workbench, { mock: mode === 'mock' })}
    />
  );
}
