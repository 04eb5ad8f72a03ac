import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleNames, loadExample, mediaExampleNames } from './support/examples.ts';
import { runCli } from './support/run-cli.ts';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'wfm-cli-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What `--json` printed. */
const parsed = (stdout: string) => JSON.parse(stdout) as Record<string, unknown>;

describe.each([...exampleNames, ...mediaExampleNames])('wfm with the example %s', (name) => {
  it('validate finds no fault, and names the version that loading names', async () => {
    const { folder, loaded } = await loadExample(name);
    const { code, stdout, stderr } = await runCli(['validate', folder, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(parsed(stdout)).toMatchObject({ version_id: loaded.versionId });
  });

  it('run plays the recorded answers to the end and remembers the run', async () => {
    const { folder, answersFile } = await loadExample(name);
    const data = join(scratch, name, 'data');
    const command = ['run', folder, '--answers', answersFile, '--out', join(scratch, name, 'out'), '--data', data];
    const { code, stdout, stderr } = await runCli(command);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('The run has completed.');
    expect(readdirSync(data)).toContain('wfm.sqlite');
  });

  it('preview goes to the last module with sample answers', async () => {
    const { folder, recorded } = await loadExample(name);
    const last = recorded.answers.at(-1)?.at.replace('/', '.') ?? '';
    const { code, stdout, stderr } = await runCli(['preview', folder, '--to', last, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(parsed(stdout)).toMatchObject({ status: 'target_reached' });
  });
});

describe('wfm with the example pocket-museum', () => {
  it('run writes the file that the workflow hands out', async () => {
    const { folder, answersFile } = await loadExample('pocket-museum');
    const out = join(scratch, 'handed-out');
    await runCli(['run', folder, '--answers', answersFile, '--out', out, '--data', join(scratch, 'data')]);
    const sheet = readFileSync(join(out, 'window-2027-03-05.md'), 'utf8');
    for (const heading of ['## In the window', '## Labels', '## Texts', '## Thanks', '## For the next window'])
      expect(sheet).toContain(`\n${heading}\n`);
    expect(sheet).toContain('| 3 | Black thread on a burnt match (1944) | floor of the window |');
    expect(sheet).not.toMatch(/undefined|None|\{\{|\{%/);
  });

  it('preview stops at the module it is asked for', async () => {
    const { folder } = await loadExample('pocket-museum');
    const { code, stdout } = await runCli(['preview', folder, '--to', 'idea.choose_angle']);
    expect(code).toBe(0);
    expect(stdout).toContain('idea/choose_angle');
    expect(stdout).not.toContain('idea/file_decision');
    expect(stdout).toContain('[target_reached]');
  });

  it('validate names every fault at once with its file, and fails', async () => {
    const { folder } = await loadExample('pocket-museum');
    const copy = join(scratch, 'faulty');
    cpSync(folder, copy, { recursive: true });
    const edit = (file: string, from: string, to: string) =>
      writeFileSync(join(copy, file), readFileSync(join(copy, file), 'utf8').replace(from, to));
    edit('steps/labels.json', '"transform.parse_pattern"', '"transform.parse_patern"');
    edit('steps/idea.json', '"target_module": "pick_objects"', '"target_module": "pick_things"');
    edit('prompts/sheet.j2', '{% endfor %}', '{% endfr %}');
    const { code, stdout } = await runCli(['validate', copy]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/steps\/labels\.json.*\[module_not_registered\]/);
    expect(stdout).toMatch(/steps\/idea\.json.*\[retry_target_unknown\]/);
    expect(stdout).toMatch(/prompts\/sheet\.j2.*\[template_syntax\]/);
  });

  it('run says where it stopped when nobody is there to answer', async () => {
    const { folder } = await loadExample('pocket-museum');
    const { code, stderr } = await runCli(['run', folder, '--out', scratch, '--data', join(scratch, 'unattended')]);
    expect(code).toBe(1);
    expect(stderr).toContain('desk/ask_theme asks');
  });
});
