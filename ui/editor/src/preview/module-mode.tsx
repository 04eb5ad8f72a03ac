import { classNames, Menu, MenuItem, MenuLabel } from '@wfm/shared/components';
import { Check, Ellipsis } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { OutlineModule } from '../document/outline.ts';
import { useEditor, usePreview, useWorkbench } from '../workbench/workbench.ts';
import { recordsOf } from './module-records.ts';
import { callsProviders, chooseMode, choicesOf, isMedia, modeOf, ownModeOf } from './settings.ts';

const looks = {
  mock: 'border-line text-ink-soft',
  real: 'border-transparent bg-warn-soft text-warn',
  pinned: 'border-transparent bg-accent-soft text-accent-strong',
};

/** How one module is answered: as the workflow, mocked, for real, or with the output that it has now (E13). */
export function ModuleMode({ module: { key, name, moduleId } }: { module: OutlineModule }) {
  const words = useTranslations('preview.mode');
  const workbench = useWorkbench();
  const own = useEditor(({ history }) => ownModeOf(choicesOf(history.present.document), key));
  const mode = useEditor(({ history }) => modeOf(choicesOf(history.present.document), key));
  const response = usePreview((state) => state.response);
  const outputs = response ? recordsOf(response).get(key)?.outputs : undefined;
  const shown = isMedia(moduleId) && mode === 'real' ? 'mock' : mode;
  const mark = (isOn: boolean) => (isOn ? <Check aria-hidden className="size-4" /> : null);
  return (
    <Menu
      trigger={
        <button
          type="button"
          data-mode={shown}
          aria-label={words('of', { module: name, mode: words(shown) })}
          className={classNames(
            'min-h-6 shrink-0 rounded-full border px-2 text-xs font-medium hover:border-line-strong',
            looks[shown],
            own === null && !callsProviders(moduleId) && 'border-transparent',
          )}
        >
          {own !== null || callsProviders(moduleId) ? words(shown) : <Ellipsis aria-hidden className="size-4" />}
        </button>
      }
    >
      <MenuLabel>{words('label')}</MenuLabel>
      <MenuItem icon={mark(own === null)} onSelect={() => chooseMode(workbench, key, null)}>
        {words('inherit')}
      </MenuItem>
      <MenuItem icon={mark(own === 'mock')} onSelect={() => chooseMode(workbench, key, 'mock')}>
        {words('set_mock')}
      </MenuItem>
      {isMedia(moduleId) ? (
        <MenuLabel>{words('mediaMock')}</MenuLabel>
      ) : (
        <MenuItem icon={mark(own === 'real')} onSelect={() => chooseMode(workbench, key, 'real')}>
          {words('set_real')}
        </MenuItem>
      )}
      <MenuItem
        icon={mark(own === 'pinned')}
        disabled={!outputs}
        onSelect={() => outputs && chooseMode(workbench, key, { pinned: outputs })}
      >
        {words('set_pinned')}
      </MenuItem>
      {outputs ? null : <MenuLabel>{words('nothingToPin')}</MenuLabel>}
    </Menu>
  );
}
