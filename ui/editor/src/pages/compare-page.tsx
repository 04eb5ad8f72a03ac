import { Link, useParams } from '@tanstack/react-router';
import { EmptyState } from '@wfm/shared/components';
import { useTranslations } from 'use-intl';

/** `/editor/w/:id/compare?a=&b=`: what differs between two versions, or the draft and a version. It says where that is to be seen today. */
export function ComparePage() {
  const words = useTranslations('publish.compare');
  const { id } = useParams({ from: '/w/$id/compare' });
  return (
    <main>
      <EmptyState
        title={words('title')}
        action={
          <Link to="/w/$id" params={{ id }} className="text-accent underline">
            {words('back')}
          </Link>
        }
      >
        {words('text')}
      </EmptyState>
    </main>
  );
}
