import { Component, type ReactNode } from 'react';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '../components/button.tsx';
import { Notice } from '../components/surfaces.tsx';

/** Keeps a part that throws from taking the page with it (E26). */
export class CrashBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <CrashCard onRetry={() => this.setState({ failed: false })} />;
  }
}

function CrashCard({ onRetry }: { onRetry: () => void }) {
  const words = useTranslations('failure');
  const common = useTranslations('common');
  return (
    <Notice
      live
      tone="bad"
      icon={<CircleAlert aria-hidden className="size-5" />}
      title={words('crashed')}
      action={
        <Button size="small" onClick={onRetry}>
          {common('retry')}
        </Button>
      }
    >
      {words('crashedText')}
    </Notice>
  );
}
