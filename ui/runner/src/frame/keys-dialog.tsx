import { Dialog, Key } from '@wfm/shared/components';
import { useTranslations } from 'use-intl';

/** Every key of the runner, by where it acts (ux.md 2.5). */
const keys = [
  ['Ctrl+K', 'goTo'],
  ['?', 'keys'],
  ['Ctrl+Enter', 'send'],
  ['R', 'retry'],
  ['1–9', 'choose'],
  ['Space', 'select'],
  ['J', 'next'],
  ['K', 'previous'],
  ['B', 'branch'],
  ['S', 'state'],
  ['F', 'files'],
  ['D', 'download'],
  ['Esc', 'close'],
] as const;

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const words = useTranslations('keys');
  return (
    <Dialog open look="small" onClose={onClose} title={words('title')}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 text-sm">
        {keys.map(([key, name]) => (
          <div key={key} className="contents">
            <dt>
              <span className="[&_kbd]:inline [&_kbd]:text-sm">
                <Key name={key} />
              </span>
            </dt>
            <dd>{words(name)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
