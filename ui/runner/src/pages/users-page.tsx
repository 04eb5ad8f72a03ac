import { useQueryClient } from '@tanstack/react-query';
import { ErrorCard, GonePage, useSession } from '@wfm/shared/app';
import { Badge, Button, Card, EmptyState, Notice } from '@wfm/shared/components';
import { copyText, dataOf, productionApi } from '@wfm/shared/core';
import { Copy, Mail, UserPlus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { Field } from '../forms/field.tsx';
import { Section } from '../lists/section.tsx';
import { Ago } from '../lists/time.tsx';
import { usePages } from '../lists/use-pages.ts';
import { ConfirmDialog } from '../run/confirm-dialog.tsx';

const select = 'min-h-11 rounded-md border border-line-strong bg-surface px-3 text-sm';

/** For administrators: who has an account, and who is invited. */
export function UsersPage() {
  const words = useTranslations('admin');
  const { person } = useSession();
  if (person?.role !== 'admin') return <GonePage />;
  return (
    <div className="grid gap-8">
      <h1 className="text-2xl font-semibold">{words('title')}</h1>
      <People ownId={person.user_id} />
      <Invitations />
    </div>
  );
}

interface Row {
  user_id: string;
  name: string;
  email: string;
  role: 'admin' | 'member';
  disabled: boolean;
  created_at: string;
}

function People({ ownId }: { ownId: string }) {
  const words = useTranslations('admin');
  const client = useQueryClient();
  const [text, setText] = useState('');
  const q = text.trim();
  const query = usePages(['users', q], (cursor) =>
    dataOf(
      productionApi().GET('/admin/users', {
        params: { query: { limit: 50, ...(q === '' ? {} : { q }), ...(cursor === undefined ? {} : { cursor }) } },
      }),
    ),
  );
  const [error, setError] = useState<unknown>(null);
  const [closing, setClosing] = useState<Row | null>(null);
  const change = async (row: Row, body: { role?: 'admin' | 'member'; disabled?: boolean }): Promise<void> => {
    setError(null);
    await productionApi().PATCH('/admin/users/{user}', { params: { path: { user: row.user_id } }, body });
    await client.invalidateQueries({ queryKey: ['users'] });
  };
  return (
    <Section
      title={words('people')}
      query={query}
      aside={
        <input
          type="search"
          dir="auto"
          aria-label={words('search')}
          placeholder={words('search')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className={select}
        />
      }
    >
      {error ? <ErrorCard error={error} /> : null}
      {query.items.length === 0 ? (
        <Card>
          <EmptyState title={words('noneFound')} />
        </Card>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface shadow-1">
          {query.items.map((row) => (
            <li key={row.user_id} className="flex flex-wrap items-center gap-3 px-4 py-2">
              <span className="min-w-48 flex-1">
                <span className="block font-medium" data-content dir="auto">
                  {row.name}
                </span>
                <span className="block text-sm text-ink-soft" data-content>
                  {row.email}
                </span>
              </span>
              {row.user_id === ownId ? <Badge tone="accent">{words('you')}</Badge> : null}
              {row.disabled ? <Badge tone="bad">{words('disabled')}</Badge> : null}
              <Ago at={row.created_at} />
              <select
                aria-label={words('roleOf', { name: row.name })}
                value={row.role}
                disabled={row.user_id === ownId}
                onChange={(event) => void change(row, { role: event.target.value as Row['role'] }).catch(setError)}
                className={select}
              >
                <option value="member">{words('member')}</option>
                <option value="admin">{words('admin')}</option>
              </select>
              {row.disabled ? (
                <Button onClick={() => void change(row, { disabled: false }).catch(setError)}>{words('enable')}</Button>
              ) : (
                <Button look="danger" disabled={row.user_id === ownId} onClick={() => setClosing(row)}>
                  {words('disable')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {closing ? (
        <ConfirmDialog
          title={words('disableTitle', { name: closing.name })}
          act={words('disable')}
          onClose={() => setClosing(null)}
          onAct={() => change(closing, { disabled: true })}
        >
          <p>{words('disableText')}</p>
        </ConfirmDialog>
      ) : null}
    </Section>
  );
}

function Invitations() {
  const words = useTranslations('admin');
  const common = useTranslations('common');
  const client = useQueryClient();
  const query = usePages(['invitations'], (cursor) =>
    dataOf(
      productionApi().GET('/admin/invitations', {
        params: { query: { limit: 50, ...(cursor === undefined ? {} : { cursor }) } },
      }),
    ),
  );
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [url, setUrl] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const { email, role } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    setBusy(true);
    setError(null);
    try {
      const body = { role: role === 'admin' ? ('admin' as const) : ('member' as const), ...(email ? { email } : {}) };
      const made = await dataOf(productionApi().POST('/admin/invitations', { body: body as never }));
      setUrl(made.url);
      form.reset();
      await client.invalidateQueries({ queryKey: ['invitations'] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const revoke = async (id: string): Promise<void> => {
    setError(null);
    await productionApi().DELETE('/admin/invitations/{invitation}', { params: { path: { invitation: id } } });
    await client.invalidateQueries({ queryKey: ['invitations'] });
  };
  return (
    <Section title={words('invitations')} query={query}>
      <Card className="grid gap-4 p-4">
        <form onSubmit={(event) => void submit(event)} className="flex flex-wrap items-end gap-3">
          <Field label={words('emailOptional')} name="email" type="email" className="grid min-w-56 flex-1 gap-1" />
          <label className="grid gap-1 text-sm font-medium">
            {words('role')}
            <select name="role" className={select}>
              <option value="member">{words('member')}</option>
              <option value="admin">{words('admin')}</option>
            </select>
          </label>
          <Button type="submit" look="primary" busy={busy} icon={<UserPlus aria-hidden className="size-4" />}>
            {words('invite')}
          </Button>
        </form>
        {error ? <ErrorCard error={error} /> : null}
        {url === null ? null : (
          <Notice
            live
            tone="good"
            title={words('inviteMade')}
            action={
              <Button
                size="small"
                className="min-h-11"
                icon={<Copy aria-hidden className="size-4" />}
                onClick={() => void copyText(url).then((done) => done && toast.success(common('copied')))}
              >
                {common('copy')}
              </Button>
            }
          >
            <p>{words('inviteMadeText')}</p>
            <code className="mt-1 block break-all select-all">{url}</code>
          </Notice>
        )}
        {query.items.length === 0 ? (
          <EmptyState icon={<Mail aria-hidden className="size-6" />} title={words('noInvitations')} />
        ) : (
          <ul className="divide-y divide-line">
            {query.items.map((invitation) => (
              <li key={invitation.invitation_id} className="flex flex-wrap items-center gap-3 py-2 text-sm">
                <span className="min-w-40 flex-1 font-medium" data-content>
                  {invitation.email ?? words('anybody')}
                </span>
                <span className="text-ink-soft">{words(invitation.role)}</span>
                <Badge tone={invitation.status === 'open' ? 'accent' : 'neutral'}>
                  {words(`invitation_${invitation.status}`)}
                </Badge>
                <Ago at={invitation.created_at} />
                <Button
                  size="small"
                  className="min-h-11"
                  onClick={() => void revoke(invitation.invitation_id).catch(setError)}
                >
                  {words(invitation.status === 'open' ? 'revoke' : 'remove')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Section>
  );
}
