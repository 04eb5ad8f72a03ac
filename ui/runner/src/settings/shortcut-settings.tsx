import { Card } from '@wfm/shared/components';
import { keepSingleKeys, singleKeysWanted } from '@wfm/shared/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';

/** Keys without Ctrl can be turned off: who dictates, or types by a switch, presses them without meaning to (ux.md 2.5). */
export function ShortcutSettings() {
  const words = useTranslations('settings');
  const [wanted, setWanted] = useState(singleKeysWanted);
  return (
    <section aria-label={words('shortcuts')} className="grid gap-3">
      <h2 className="text-lg font-semibold">{words('shortcuts')}</h2>
      <Card className="p-4">
        <label className="flex min-h-11 items-center gap-3 text-sm">
          <input
            type="checkbox"
            role="switch"
            checked={wanted}
            onChange={(event) => {
              keepSingleKeys(event.target.checked);
              setWanted(event.target.checked);
            }}
            className="switch"
          />
          {words('singleKeys')}
        </label>
      </Card>
    </section>
  );
}
