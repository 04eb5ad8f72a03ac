import { Button, Card } from '@wfm/shared/components';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { keepNotices, wantsNotices } from './desktop-notices.ts';

/** Notices on the desktop when a run needs somebody; not offered where the browser would not let a page ask (ux.md 2.9). */
export function Notifications() {
  const words = useTranslations('settings');
  const [wanted, setWanted] = useState(wantsNotices);
  const [isRefused, setRefused] = useState(false);
  if (!globalThis.isSecureContext || !('Notification' in globalThis)) return null;
  const turnOn = async (): Promise<void> => {
    const answer = await Notification.requestPermission();
    setRefused(answer !== 'granted');
    if (answer !== 'granted') return;
    keepNotices(true);
    setWanted(true);
  };
  return (
    <section aria-label={words('notices')} className="grid gap-3">
      <div>
        <h2 className="text-lg font-semibold">{words('notices')}</h2>
        <p className="text-sm text-ink-soft">{words('noticesText')}</p>
      </div>
      <Card className="grid justify-items-start gap-2 p-4">
        {wanted ? (
          <Button
            onClick={() => {
              keepNotices(false);
              setWanted(false);
            }}
          >
            {words('noticesOff')}
          </Button>
        ) : (
          <Button onClick={() => void turnOn()}>{words('noticesOn')}</Button>
        )}
        {isRefused ? <p className="text-sm text-bad">{words('noticesRefused')}</p> : null}
      </Card>
    </section>
  );
}
