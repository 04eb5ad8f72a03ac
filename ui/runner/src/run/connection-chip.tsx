import { IconButton } from '@wfm/shared/components';
import type { Connection } from '@wfm/shared/core';
import { Moon, RotateCw, Wifi, WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';

/** How the stream is, apart from how the run is (ux.md 2.3): live, or when it is tried again, or at once by hand. */
export function ConnectionChip({ connection }: { connection: Connection }) {
  const words = useTranslations('connection');
  const waits = 'until' in connection;
  const seconds = useSecondsUntil(waits ? connection.until : null);
  if (!waits) {
    const asleep = connection.state === 'asleep';
    return (
      <span data-connection={connection.state} className="flex items-center gap-1 text-xs text-ink-faint">
        {asleep ? <Moon aria-hidden className="size-3.5" /> : <Wifi aria-hidden className="size-3.5" />}
        {words(connection.state)}
      </span>
    );
  }
  return (
    <span data-connection={connection.state} className="flex items-center gap-1 text-xs text-warn">
      <WifiOff aria-hidden className="size-3.5" />
      {/* Read out once, not every second. */}
      <span role="status">{words(connection.state)}</span>
      {connection.state === 'reconnecting' ? <span aria-hidden>{words('seconds', { seconds })}</span> : null}
      <IconButton
        size="small"
        label={words('retry')}
        icon={<RotateCw aria-hidden className="size-3.5" />}
        onClick={connection.retry}
      />
    </span>
  );
}

function useSecondsUntil(until: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? 0 : Math.max(1, Math.ceil((until - now) / 1000));
}
