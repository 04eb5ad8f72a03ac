import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from './support/examples.ts';
import { runCli } from './support/run-cli.ts';

/** Saved previews: kept as tests beside a workflow, and carried elsewhere as one file. */

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'wfm-previews-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A copy of the example that may be edited. */
function copyOf(example: string, name: string): string {
  const folder = join(scratch, name);
  cpSync(join(repository, 'workflows', example), folder, { recursive: true });
  return folder;
}

/** Replaces a text that must be there. */
function edit(file: string, from: string, to: string): void {
  const before = readFileSync(file, 'utf8');
  expect(before).toContain(from);
  writeFileSync(file, before.replace(from, to));
}

describe('wfm test', () => {
  it('the saved previews of every example do what they did', async () => {
    const { code, stdout, stderr } = await runCli(['test', join(repository, 'workflows')]);
    expect({ code, stderr, failed: stdout.split('\n').filter((line) => line.startsWith('failed')) }).toEqual({
      code: 0,
      stderr: '',
      failed: [],
    });
    expect(stdout).toMatch(/\n6 saved previews: 6 the same/);
  });

  it('a changed prompt is named with its module, its field and both texts, and fails', async () => {
    const folder = copyOf('pocket-museum', 'prompt');
    appendFileSync(join(folder, 'prompts', 'angles.j2'), 'Never more than ten words.');
    const { code, stdout } = await runCli(['test', folder]);
    expect(code).toBe(1);
    expect(stdout).toContain('idea/propose_angles: module_started of idea/propose_angles differs in');
    expect(stdout).toMatch(/\+ …?.*Never more than ten words/);
    expect(stdout).toMatch(/also different: .*idea\/choose_angle/);
    expect(stdout).not.toMatch(/also different: .*objects\//);
  });

  it('an edit that changes no value changes nothing', async () => {
    const folder = copyOf('hello', 'comment');
    edit(join(folder, 'prompts', 'taglines.j2'), '{', '{# for nobody #}{');
    const { code, stdout } = await runCli(['test', folder]);
    expect({ code, stdout }).toMatchObject({ code: 0 });
  });

  it('--update takes it over, and the file differs in those lines alone', async () => {
    const folder = copyOf('hello', 'update');
    edit(join(folder, 'workflow.json'), 'Which one says it best?', 'Which one is it?');
    const file = join(folder, 'previews', 'once-more.preview.json');
    const before = readFileSync(file, 'utf8').split('\n');
    expect((await runCli(['test', folder])).code).toBe(1);
    const updated = await runCli(['test', folder, '--update']);
    expect(updated).toMatchObject({ code: 0, stderr: '' });
    const after = readFileSync(file, 'utf8').split('\n');
    expect(after).toHaveLength(before.length);
    const changed = after.filter((line, index) => line !== before[index]);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every((line) => line.includes('Which one is it?'))).toBe(true);
    expect((await runCli(['test', folder])).code).toBe(0);
  });

  it('an answer that its question does not take any more is a difference, in words', async () => {
    const folder = copyOf('hello', 'fewer');
    edit(join(folder, 'workflow.json'), '"id": "again"', '"id": "anew"');
    const { code, stdout } = await runCli(['test', join(folder, 'previews', 'once-more.preview.json')]);
    expect(code).toBe(1);
    expect(stdout).toContain('tagline/pick_tagline: interaction_requested of tagline/pick_tagline differs in');
    expect(stdout).toMatch(/again/);
  });

  it('a broken workflow, a broken file and an empty folder fail with a sentence', async () => {
    const folder = copyOf('hello', 'broken');
    edit(join(folder, 'workflow.json'), '"api.llm"', '"api.lm"');
    writeFileSync(join(folder, 'previews', 'odd.preview.json'), '{ "wfm_preview": 2 }');
    const { code, stdout } = await runCli(['test', folder]);
    expect(code).toBe(1);
    expect(stdout).toContain('[module_not_registered at steps[0].modules[1].module_id]');
    expect(stdout).toMatch(/odd\.preview\.json is not a saved preview: .*\[request_invalid at wfm_preview\]/);
    const empty = await runCli(['test', join(folder, 'prompts')]);
    expect(empty).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no saved preview') });
  });
});

describe('wfm preview --with', () => {
  it('17.7 a scenario for a module that is not there is refused with its place', async () => {
    const settings = join(scratch, 'unknown.json');
    writeFileSync(
      settings,
      JSON.stringify({ scenario: { name: 'x', modules: { 'tagline/pick_taglin': { fail: 'slow' } } } }),
    );
    const { code, stderr } = await runCli(['preview', join(repository, 'workflows', 'hello'), '--with', settings]);
    expect(code).toBe(1);
    expect(stderr).toContain('Did you mean "tagline/pick_tagline"?');
    expect(stderr).toContain('[module_not_found at scenario.modules["tagline/pick_taglin"]]');
    writeFileSync(settings, JSON.stringify({ scenarios: {} }));
    const misspelt = await runCli(['preview', join(repository, 'workflows', 'hello'), '--with', settings]);
    expect(misspelt).toMatchObject({ code: 1, stderr: expect.stringContaining('holds no modes and scenario') });
  });
});

describe('wfm replay', () => {
  it('a preview in one file is done again elsewhere, with faults, pins and all', async () => {
    const file = join(scratch, 'carried.json');
    const settings = join(scratch, 'settings.json');
    writeFileSync(
      settings,
      JSON.stringify({
        modes: { 'tagline/ask_subject': { pinned: { value: 'a ferry that never leaves' } } },
        scenario: { name: 'x', modules: { 'tagline/write_taglines': { fail: 'rate_limited', times: 1 } } },
      }),
    );
    const hello = join(repository, 'workflows', 'hello');
    const saved = await runCli(['preview', hello, '--with', settings, '--save', file, '--json']);
    expect(saved).toMatchObject({ code: 0, stderr: `Saved ${file}\n` });
    expect(JSON.parse(saved.stdout)).toMatchObject({ state: { subject: 'a ferry that never leaves' } });
    expect(await runCli(['replay', file])).toMatchObject({ code: 0, stdout: expect.stringContaining('The same: ') });
  });

  it('in real mode the models’ replies travel along; secrets do not, and are listed', async () => {
    const folder = copyOf('hello', 'secret');
    edit(
      join(folder, 'workflow.json'),
      '"inputs": {\n            "system"',
      '"inputs": {\n            "api_key": "hush-hush-hush",\n            "system"',
    );
    const file = join(scratch, 'real.json');
    const saved = await runCli(['preview', folder, '--real', '--save', file]);
    expect(saved.code).toBe(0);
    expect(saved.stderr).toContain('without the secret at workflow.steps[0].modules[1].inputs.api_key');
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('hush-hush');
    const { calls } = JSON.parse(text) as { calls: unknown[] };
    expect(calls).toMatchObject([{ kind: 'llm', reply: { text: expect.any(String) } }]);
    const replayed = await runCli(['replay', file]);
    expect(replayed).toMatchObject({ code: 0, stdout: expect.stringContaining('Without secrets: workflow.steps[0]') });
    const { calls: _calls, ...deaf } = JSON.parse(text) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify(deaf));
    expect(await runCli(['replay', file])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('tagline/write_taglines: another event'),
    });
  });
});
