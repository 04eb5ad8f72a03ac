import { WfmError } from '@wfm/workflow-engine/errors';

/** What a program was started with; read once, by whoever puts a program together. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Without a slash at the end: the SDK appends paths. Credentials in an address would end up in error messages. */
export function urlOf(env: Env, setting: string): string | undefined {
  const text = valueOf(env, setting);
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    url.search === '';
  if (!plain)
    throw invalidSetting(setting, 'Set it to an http or https address without a user name, password or query.');
  return url.href.replace(/[/#]+$/, '');
}

/** Entries separated by commas or white space. */
export function listOf(env: Env, setting: string): string[] {
  return (valueOf(env, setting) ?? '')
    .split(/[\s,]+/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** A setting without the white space around it; an empty one is absent. */
export function valueOf(env: Env, setting: string): string | undefined {
  const value = env[setting]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

/** The error for a setting that cannot be meant; the value is not quoted, because it may be a secret. */
export function invalidSetting(setting: string, advice: string): WfmError {
  return new WfmError('request_invalid', `${setting} cannot be used. ${advice}`, { params: { setting } });
}
