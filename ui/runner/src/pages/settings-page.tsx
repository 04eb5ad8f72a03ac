import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ErrorCard, useAppearance, useSession, useSessionActs } from '@wfm/shared/app';
import { Badge, Button, Card, EmptyState, Notice } from '@wfm/shared/components';
import { copyText, dataOf, languages, productionApi, type Theme } from '@wfm/shared/core';
import { Copy, KeyRound, Plus } from 'lucide-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from 'use-intl';
import { Field } from '../forms/field.tsx';
import { Section } from '../lists/section.tsx';
import { Ago } from '../lists/time.tsx';
import { ConfirmDialog } from '../run/confirm-dialog.tsx';
import { Notifications } from '../settings/notifications.tsx';
import { ShortcutSettings } from '../settings/shortcut-settings.tsx';

const themes: readonly Theme[] = ['light', 'dark', 'system'];

/** How the product looks to one, what it may call, and the ways in. */
export function SettingsPage() {
  const words = useTranslations('settings');
  return (
    <div className="grid max-w-3xl gap-8">
      <h1 className="text-2xl font-semibold">{words('title')}</h1>
      <Appearance />
      <Password />
      <AccessKeys />
      <Providers />
      <ShortcutSettings />
      <Notifications />
      <Sessions />
    </div>
  );
}

function Block({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-3">
      <div>
        <h2 className="text-lg font-semibold">{title}</h2>
        {text === undefined ? null : <p className="text-sm text-ink-soft">{text}</p>}
      </div>
      <Card className="grid gap-4 p-4">{children}</Card>
    </section>
  );
}

function Appearance() {
  const words = useTranslations('settings');
  const account = useTranslations('account');
  const { theme, setTheme, language, setLanguage } = useAppearance();
  return (
    <Block title={words('appearance')}>
      <fieldset className="grid gap-2">
        <legend className="text-sm font-medium">{account('theme')}</legend>
        <div className="flex flex-wrap gap-4">
          {themes.map((name) => (
            <label key={name} className="flex min-h-11 items-center gap-2 text-sm">
              <input
                type="radio"
                name="theme"
                checked={theme === name}
                onChange={() => setTheme(name)}
                className="size-5 accent-accent"
              />
              {account(name)}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset className="grid gap-2">
        <legend className="text-sm font-medium">{account('language')}</legend>
        <div className="flex flex-wrap gap-4">
          {languages
            .filter((name) => name !== 'pseudo')
            .map((name) => (
              <label key={name} className="flex min-h-11 items-center gap-2 text-sm" lang={name}>
                <input
                  type="radio"
                  name="language"
                  checked={language === name}
                  onChange={() => setLanguage(name)}
                  className="size-5 accent-accent"
                />
                <span data-content>{account(`name_${name}` as 'name_en')}</span>
              </label>
            ))}
        </div>
      </fieldset>
    </Block>
  );
}

function Password() {
  const words = useTranslations('settings');
  const { person } = useSession();
  const session = useSessionActs();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (!person) return null;
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const { current, next } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    setBusy(true);
    setError(null);
    try {
      const body = { new_password: next ?? '', ...(person.has_password ? { current_password: current ?? '' } : {}) };
      await productionApi().POST('/auth/password', { body });
      form.reset();
      session.refresh();
      toast.success(words('passwordSet'));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Block
      title={words(person.has_password ? 'changePassword' : 'setPassword')}
      text={words(person.has_password ? 'changePasswordText' : 'setPasswordText')}
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <input type="text" name="username" autoComplete="username" value={person.email} readOnly hidden />
        {person.has_password ? (
          <Field
            label={words('currentPassword')}
            name="current"
            type="password"
            autoComplete="current-password"
            required
          />
        ) : null}
        <Field
          label={words('newPassword')}
          help={words('passwordHelp')}
          name="next"
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
        />
        {error ? <ErrorCard error={error} /> : null}
        <Button type="submit" className="justify-self-start" busy={busy}>
          {words('savePassword')}
        </Button>
      </form>
    </Block>
  );
}

function AccessKeys() {
  const words = useTranslations('settings');
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['access-keys'],
    queryFn: () => dataOf(productionApi().GET('/auth/access-keys')),
  });
  const [made, setMade] = useState<{ label: string; secret: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [revoking, setRevoking] = useState<{ id: string; label: string } | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const { label, days } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    setBusy(true);
    setError(null);
    try {
      const body = {
        label: label ?? '',
        ...(days === '' || days === undefined ? {} : { expires_in_days: Number(days) }),
      };
      const key = await dataOf(productionApi().POST('/auth/access-keys', { body }));
      setMade({ label: key.label, secret: key.access_key });
      form.reset();
      await client.invalidateQueries({ queryKey: ['access-keys'] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Block title={words('accessKeys')} text={words('accessKeysText')}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-wrap items-end gap-3">
        <Field label={words('keyLabel')} name="label" type="text" required maxLength={100} />
        <label className="grid gap-1 text-sm font-medium">
          {words('keyExpires')}
          <select
            name="days"
            defaultValue="90"
            className="min-h-11 rounded-md border border-line-strong bg-surface px-3 font-normal"
          >
            {[30, 90, 365].map((days) => (
              <option key={days} value={days}>
                {words('days', { count: days })}
              </option>
            ))}
            <option value="">{words('never')}</option>
          </select>
        </label>
        <Button type="submit" busy={busy} icon={<Plus aria-hidden className="size-4" />}>
          {words('makeKey')}
        </Button>
      </form>
      {error ? <ErrorCard error={error} /> : null}
      {made ? (
        <Secret title={words('keyMade', { name: made.label })} text={words('keyMadeText')} secret={made.secret} />
      ) : null}
      <Section title={words('accessKeys')} hideTitle query={query}>
        {query.data?.items.length === 0 ? (
          <EmptyState icon={<KeyRound aria-hidden className="size-6" />} title={words('noKeys')} />
        ) : (
          <ul className="divide-y divide-line">
            {query.data?.items.map((key) => (
              <li key={key.key_id} className="flex flex-wrap items-center gap-3 py-2 text-sm">
                <span className="min-w-32 flex-1 font-medium" data-content dir="auto">
                  {key.label}
                </span>
                <code className="text-xs text-ink-soft">{key.prefix}…</code>
                <span className="text-ink-soft">
                  {key.last_used_at === null ? words('neverUsed') : words('lastUsed')}{' '}
                  {key.last_used_at === null ? null : <Ago at={key.last_used_at} />}
                </span>
                <Button
                  size="small"
                  look="danger"
                  className="min-h-11"
                  onClick={() => setRevoking({ id: key.key_id, label: key.label })}
                >
                  {words('revoke')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {revoking ? (
        <ConfirmDialog
          title={words('revokeTitle', { name: revoking.label })}
          act={words('revoke')}
          onClose={() => setRevoking(null)}
          onAct={async () => {
            await productionApi().DELETE('/auth/access-keys/{key}', { params: { path: { key: revoking.id } } });
            await client.invalidateQueries({ queryKey: ['access-keys'] });
          }}
        >
          <p>{words('revokeText')}</p>
        </ConfirmDialog>
      ) : null}
    </Block>
  );
}

/** Something that is shown once. */
function Secret({ title, text, secret }: { title: string; text: string; secret: string }) {
  const common = useTranslations('common');
  return (
    <Notice
      live
      tone="good"
      title={title}
      action={
        <Button
          size="small"
          className="min-h-11"
          icon={<Copy aria-hidden className="size-4" />}
          onClick={() => void copyText(secret).then((done) => done && toast.success(common('copied')))}
        >
          {common('copy')}
        </Button>
      }
    >
      <p>{text}</p>
      <code className="mt-1 block break-all select-all">{secret}</code>
    </Notice>
  );
}

function Providers() {
  const words = useTranslations('settings');
  const models = useQuery({ queryKey: ['models'], queryFn: () => dataOf(productionApi().GET('/models')) });
  const media = useQuery({ queryKey: ['providers'], queryFn: () => dataOf(productionApi().GET('/providers')) });
  return (
    <Block title={words('providers')} text={words('providersText')}>
      <Section title={words('languageModels')} query={models}>
        <ul className="grid gap-1">
          {models.data?.items.map(({ provider, title, configured, demo }) => (
            <Status key={provider} name={title} on={configured} note={demo ? words('demo') : undefined} />
          ))}
        </ul>
      </Section>
      <Section title={words('mediaProviders')} query={media}>
        <ul className="grid gap-1">
          {media.data?.items.map(({ provider, title, configured, reason }) => (
            <Status key={provider} name={title} on={configured} note={configured ? undefined : reason} />
          ))}
        </ul>
      </Section>
    </Block>
  );
}

function Status({ name, on, note }: { name: string; on: boolean; note: string | undefined }) {
  const words = useTranslations('settings');
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1 text-sm">
      <span className="font-medium" data-content>
        {name}
      </span>
      <Badge tone={on ? 'good' : 'neutral'}>{words(on ? 'ready' : 'notConfigured')}</Badge>
      {note === undefined ? null : (
        <span className="w-full text-ink-soft sm:w-auto" data-content>
          {note}
        </span>
      )}
    </li>
  );
}

function Sessions() {
  const words = useTranslations('settings');
  const session = useSessionActs();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  return (
    <Block title={words('sessions')} text={words('sessionsText')}>
      <Button look="danger" className="justify-self-start" onClick={() => setAsking(true)}>
        {words('signOutEverywhere')}
      </Button>
      {asking ? (
        <ConfirmDialog
          title={words('signOutEverywhere')}
          act={words('signOutEverywhere')}
          onClose={() => setAsking(false)}
          onAct={async () => {
            await productionApi().POST('/auth/logout-all');
            session.end();
            await navigate({ to: '/sign-in' });
          }}
        >
          <p>{words('sessionsText')}</p>
        </ConfirmDialog>
      ) : null}
    </Block>
  );
}
