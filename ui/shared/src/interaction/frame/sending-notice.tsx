import type { InteractionRequest } from '@wfm/workflow-engine/models';
import { CloudOff, UsersRound } from 'lucide-react';
import { useFormatter, useTranslations } from 'use-intl';
import { ErrorCard } from '../../app/error-card.tsx';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/surfaces.tsx';
import { isApiError } from '../../core/index.ts';
import { AnsweredCard } from '../answered-card.tsx';
import { acceptedOf } from '../answering/faults.ts';
import type { Answering } from '../answering/use-answering.ts';

/** What became of the sending: it waits for a connection, somebody else was first, or it was refused. */
export function SendingNotice({ answering, request }: { answering: Answering; request: InteractionRequest }) {
  const words = useTranslations('interaction');
  const { phase, error, stop } = answering;
  if (phase === 'waiting') {
    const isOffline = isApiError(error) && error.problem.status === 0;
    return (
      <Notice
        live
        tone="warn"
        icon={<CloudOff aria-hidden className="size-5" />}
        title={words(isOffline ? 'waitsForConnection' : 'waitsForServer')}
        action={<Button onClick={stop}>{words('doNotSend')}</Button>}
      >
        {words('waitsForConnectionText')}
      </Notice>
    );
  }
  if (phase === 'closed') return <ClosedNotice error={error} request={request} hadSent={answering.hadSent} />;
  return error === null ? null : <ErrorCard error={error} />;
}

/** The question is over: with what answer, and whose (U7). */
function ClosedNotice({ error, request, hadSent }: { error: unknown; request: InteractionRequest; hadSent: boolean }) {
  const words = useTranslations('interaction');
  const format = useFormatter();
  const { code = '', params = {}, details } = isApiError(error) ? error.problem : {};
  if (code !== 'interaction_already_answered')
    return (
      <Notice live tone="warn" icon={<UsersRound aria-hidden className="size-5" />} title={words('closedElsewhere')} />
    );
  const accepted = acceptedOf(details);
  const when = typeof params['answered_at'] === 'string' ? new Date(params['answered_at']) : null;
  // Tabs of one browser share a session: only what this page has sent itself can be its own.
  const isOurs = hadSent && params['by'] === 'this_session';
  return (
    <Notice
      live
      tone="accent"
      icon={<UsersRound aria-hidden className="size-5" />}
      title={words(isOurs ? 'answeredHere' : 'answeredElsewhere')}
    >
      {when ? <p className="text-ink-soft">{format.dateTime(when, { timeStyle: 'medium' })}</p> : null}
      {accepted === null ? null : 'departure' in accepted ? (
        <p>{words('leftInstead')}</p>
      ) : (
        <div className="mt-2 grid gap-2">
          <p className="font-medium">{words('accepted')}</p>
          <div className="max-h-64 overflow-auto rounded-md bg-ground p-3" tabIndex={0}>
            <AnsweredCard record={{ request, response: accepted }} />
          </div>
        </div>
      )}
    </Notice>
  );
}
