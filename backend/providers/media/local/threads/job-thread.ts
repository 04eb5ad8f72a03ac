import { parentPort } from 'node:worker_threads';
import type { Job, JobReply } from './jobs.ts';

/** What runs in a thread of the pool: one job at a time, its libraries loaded with the first job that needs them. */

parentPort?.on('message', (job: Job) => {
  void perform(job).then(
    (data) => {
      // A copy of its own, because a library's buffer may be part of a pool that cannot be handed over.
      const own = new Uint8Array(data);
      parentPort?.postMessage({ ok: true, data: own } satisfies JobReply, [own.buffer]);
    },
    (thrown: unknown) => {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      parentPort?.postMessage({ ok: false, message } satisfies JobReply, []);
    },
  );
});

async function perform(job: Job): Promise<Uint8Array> {
  switch (job.kind) {
    case 'picture':
      return (await import('../picture/render-picture.ts')).renderPicture(job.order);
    case 'edit':
      return (await import('../picture/edit-picture.ts')).editPicture(job.order);
    case 'still':
      return (await import('../video/prepare-still.ts')).prepareStill(job.order);
    case 'caption': {
      const { text, width, height } = job.order;
      return (await import('../video/caption-picture.ts')).captionPicture(text, width, height);
    }
    case 'music':
      return (await import('../sound/render-music.ts')).renderMusic(job.order);
    case 'effect':
      return (await import('../sound/effects/render-effect.ts')).renderEffect(job.order);
    case 'speech':
      return (await import('../speech/wasm-speech.ts')).speakInWasm(job.order);
  }
}
