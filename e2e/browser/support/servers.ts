import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, systemClock } from '@wfm/db';
import { type FakeReply, startFakeOpenai, startWebuiFake, type WebuiFake } from '@wfm/providers/testing';
import type { Database } from '@wfm/workflow-engine/ports';
import { freePort, type Program, startProgram } from '../../support/programs.ts';

/** The product as three processes on free ports, over SQLite in a directory of their own. */
export interface Servers {
  /** Of the server, which serves the pages. */
  url: string;
  virtualUrl: string;
  dataDir: string;
  /** The server's database, for what has no route: people, a fault planted in what is stored. */
  database: Database;
  /** A vendor of pictures that fails when the prompt says so (`!invalidx1 a lake` fails once). */
  webui: WebuiFake;
  /** A vendor of language models, asked by programs with the setting `OPENAI_API_KEY`; it says what `reply` is. */
  llm: { asked(): number; reply: FakeReply };
  /** What the programs wrote so far. */
  output(): string;
  /** Ends the server and starts it again on the same port and data, as a deployment would. */
  restartServer(signal?: NodeJS.Signals): Promise<void>;
  /** Without a worker what is ordered waits, for as long as a test wants to look at it. */
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
  /** Without the preview server, and without the server itself; both come back on their old ports. */
  stopPreviews(): Promise<void>;
  startPreviews(): Promise<void>;
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  stop(): Promise<void>;
}

export async function startServers(settings: Record<string, string> = {}): Promise<Servers> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wfm-browser-'));
  const webui = await startWebuiFake({ heldMs: 300 });
  const llm = {
    reply: { chunks: ['A text that was really written.'] } as FakeReply,
    asked: () => vendor.requests.length,
  };
  const vendor = await startFakeOpenai(() => llm.reply);
  const [port, virtualPort, workerPort] = [await freePort(), await freePort(), await freePort()];
  const env = {
    WFM_DATA_DIR: dataDir,
    WFM_PORT: String(port),
    WFM_VIRTUAL_PORT: String(virtualPort),
    WFM_WORKER_PORT: String(workerPort),
    // Each person of a test signs in from an address of its own, so that the limits on signing in stay as they are.
    WFM_TRUST_PROXY_HOPS: '1',
    SD_WEBUI_URL: webui.url,
    OPENAI_BASE_URL: vendor.baseUrl,
    ...settings,
  };
  const server = await startProgram('server', env);
  const [virtual, worker] = await Promise.all([startProgram('virtual-server', env), startProgram('worker', env)]);
  const programs: Record<'server' | 'virtual-server' | 'worker', Program> = {
    server,
    'virtual-server': virtual,
    worker,
  };
  let hasWorker = true;
  let hasPreviews = true;
  let hasServer = true;
  const database = await openDatabase({ dataDir, role: 'follower', clock: systemClock() });
  const { url } = programs.server;
  return {
    url,
    virtualUrl: programs['virtual-server'].url,
    dataDir,
    database,
    webui,
    llm,
    output: () =>
      Object.entries(programs)
        .map(([name, program]) => `── ${name}\n${program.output()}`)
        .join('\n'),
    async restartServer(signal) {
      await programs.server.end(signal);
      programs.server = await startProgram('server', env);
    },
    async stopWorker() {
      hasWorker = false;
      await programs.worker.end();
    },
    async startWorker() {
      if (hasWorker) return;
      hasWorker = true;
      programs.worker = await startProgram('worker', env);
    },
    async stopPreviews() {
      hasPreviews = false;
      await programs['virtual-server'].end();
    },
    async startPreviews() {
      if (hasPreviews) return;
      hasPreviews = true;
      programs['virtual-server'] = await startProgram('virtual-server', env);
    },
    async stopServer() {
      hasServer = false;
      await programs.server.end();
    },
    async startServer() {
      if (hasServer) return;
      hasServer = true;
      programs.server = await startProgram('server', env);
    },
    async stop() {
      await database.close();
      await Promise.all(Object.values(programs).map((program) => program.end()));
      await webui.close();
      await vendor.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
