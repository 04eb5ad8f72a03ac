import { account, common, connection, failure, keys, leaving, nav, status } from './en/common.ts';
import { signIn } from './en/sign-in.ts';
import { run } from './en/run.ts';
import { home, runs } from './en/home.ts';
import { interaction } from './en/interaction.ts';
import { view } from './en/view.ts';
import { media } from './en/media.ts';
import { settings } from './en/settings.ts';
import { admin } from './en/admin.ts';
import { workflow } from './en/workflow.ts';
import { errors } from './en/errors.ts';
import type { Words } from './words.ts';

/** The product's words in English, an area a file; other languages have the same keys. Texts are ICU messages. */
export const en = {
  common,
  connection,
  status,
  failure,
  nav,
  account,
  signIn,
  run,
  home,
  runs,
  keys,
  leaving,
  interaction,
  view,
  media,
  settings,
  admin,
  workflow,
  errors,
};

/** What every language has. */
export type Messages = Words<typeof en>;
