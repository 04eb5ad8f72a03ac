import { Notice } from '@wfm/shared/components';
import { callProduction } from '@wfm/shared/core';
import { GitCompareArrows } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { virtualApi } from '../runtime/virtual-api.ts';
import { usePreview } from '../workbench/workbench.ts';

/** Says so where the two servers run different engines: then the preview may not show what production will do. */
export function EngineBanner() {
  const words = useTranslations('preview.engine');
  const versions = useEngines();
  if (!versions || versions.production === versions.preview) return null;
  return (
    <Notice live tone="warn" icon={<GitCompareArrows aria-hidden className="size-5" />} title={words('title')}>
      {words('text', versions)}
    </Notice>
  );
}

/** Asked again whenever the preview server is back: it may have been updated meanwhile. */
function useEngines(): { production: string; preview: string } | null {
  const away = usePreview((state) => state.away);
  const [versions, setVersions] = useState<{ production: string; preview: string } | null>(null);
  useEffect(() => {
    if (away) return undefined;
    const leaving = new AbortController();
    const { signal } = leaving;
    Promise.all([
      callProduction('/health', { signal }).then(async (reply) => ((await reply.json()) as { engine: string }).engine),
      virtualApi().engine(signal),
    ])
      .then(([production, preview]) => setVersions({ production, preview }))
      // Whoever is away says so elsewhere.
      .catch(() => undefined);
    return () => leaving.abort();
  }, [away]);
  return versions;
}
