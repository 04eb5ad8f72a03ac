#!/usr/bin/env node
import { engineVersion } from '@wfm/workflow-engine';
import { Command } from 'commander';
import { dev } from './commands/dev.ts';
import { preview } from './commands/preview.ts';
import { replay } from './commands/replay.ts';
import { run } from './commands/run.ts';
import { test } from './commands/test.ts';
import { addUser, linkUser, listUsers } from './commands/users.ts';
import { validate } from './commands/validate.ts';
import { printError } from './terminal/print.ts';

const program = new Command('wfm')
  .description('Workflows with people in them: check, preview and run them.')
  .version(engineVersion);

program
  .command('dev')
  .description('start everything on this machine: the server, the preview server, one address')
  .action(() => dev());

program
  .command('validate')
  .description('check a workflow and list every fault with its place')
  .argument('<path>', 'a folder, a ZIP, or the JSON file that is the entry point')
  .option('--json', 'print the findings as JSON')
  .action(validate);

program
  .command('run')
  .description('run a workflow here in the terminal; it is stored and can be resumed')
  .argument('<path>', 'a folder, a ZIP, or the JSON file that is the entry point')
  .option('--project <name>', 'name of the run; the same name goes on where it stopped', 'terminal')
  .option('--new', 'begin anew even if a run of that name is active')
  .option('--answers <file>', 'recorded answers (JSON); the terminal is asked only where they end')
  .option('--out <folder>', 'where files that the workflow hands out are saved', '.')
  .option('--data <folder>', 'data directory', process.env.WFM_DATA_DIR ?? './data')
  .action(run);

program
  .command('preview')
  .description('show what a workflow will do, in a database that is thrown away')
  .argument('<path>', 'a folder, a ZIP, or the JSON file that is the entry point')
  .option('--to <step.module>', 'stop after this module')
  .option('--real', 'call language models and addresses for real instead of mocking them')
  .option('--ask', 'ask every question instead of giving sample answers')
  .option('--answers <file>', 'recorded answers (JSON)')
  .option('--with <file>', 'modes and scenario of single modules (JSON)')
  .option('--save <file>', 'save it, to be replayed elsewhere (wfm replay) or kept as a test (wfm test)')
  .option('--link', 'the saved file refers to the workflow instead of holding it, so that edits show')
  .option('--json', 'print the final state as JSON')
  .action(preview);

program
  .command('replay')
  .description('do a saved preview again, offline, and say where it goes another way')
  .argument('<file>', 'what `wfm preview --save` wrote')
  .action(replay);

program
  .command('test')
  .description('do every saved preview below a folder again, and fail where one differs')
  .argument('<dir>', 'a folder with *.preview.json files in it, or one such file')
  .option('--update', 'take what they do now as what they shall do')
  .action(test);

const users = program.command('users').description('who may sign in');
const dataOption = ['--data <folder>', 'data directory', process.env.WFM_DATA_DIR ?? './data'] as const;
users
  .command('list')
  .description('everybody who has an account')
  .option(...dataOption)
  .action(listUsers);
users
  .command('add')
  .description('make an account, and print the link by which it is entered once')
  .argument('<email>', 'e-mail address')
  .option('--name <name>', 'shown to others')
  .option('--admin', 'as an administrator')
  .option(...dataOption)
  .action(addUser);
users
  .command('link')
  .description('print a link that signs somebody in once, within 15 minutes')
  .argument('<email>', 'e-mail address')
  .option(...dataOption)
  .action(linkUser);

try {
  await program.parseAsync();
} catch (error) {
  printError(error);
  process.exitCode = 1;
}
