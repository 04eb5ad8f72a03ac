import { Link } from '@tanstack/react-router';
import { ErrorCard, GonePage } from '@wfm/shared/app';
import { useTranslations } from 'use-intl';

/** A page that is not there, or has failed as a whole. */
export function PageFault({ error }: { error?: unknown }) {
  const common = useTranslations('common');
  if (error !== undefined) return <ErrorCard error={error} onRetry={() => globalThis.location.reload()} />;
  return (
    <GonePage
      action={
        <Link to="/" className="text-accent underline">
          {common('home')}
        </Link>
      }
    />
  );
}
