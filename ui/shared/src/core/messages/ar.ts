import type { Messages } from './en.ts';
import { account, common, connection, failure, keys, leaving, nav, status } from './ar/common.ts';
import { signIn } from './ar/sign-in.ts';
import { run } from './ar/run.ts';
import { home, runs } from './ar/home.ts';
import { interaction } from './ar/interaction.ts';
import { view } from './ar/view.ts';
import { media } from './ar/media.ts';
import { settings } from './ar/settings.ts';
import { admin } from './ar/admin.ts';
import { workflow } from './ar/workflow.ts';
import { errors } from './ar/errors.ts';

/** The product’s words in Arabic. */
export const ar: Messages = {
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
