import type { MongoContext } from './context.ts';

/**
 * Removes what hangs on a run (R22), then its row, then its log. Ends with the entry that says so: until then a late
 * append meets that entry and finds the run gone. Safe to repeat.
 */
export async function eraseRun({ connection }: MongoContext, runId: string, keys: readonly string[]): Promise<void> {
  const { collection } = connection;
  await Promise.all([
    collection('names').deleteMany({ _id: { $in: [...keys] }, run_id: runId }),
    collection('branches').deleteMany({ run_id: runId }),
    collection('checkpoints').deleteMany({ run_id: runId }),
    collection('calls').deleteMany({ run_id: runId }),
    collection('values').deleteMany({ run_id: runId }),
    collection('files').deleteMany({ run_id: runId }),
    collection('keyword_saves').deleteMany({ run_id: runId }),
    collection('generations').deleteMany({ run_id: runId }),
    collection('tasks').deleteMany({ run_id: runId }),
    collection('task_places').updateMany(
      { 'places.run_id': runId },
      { $pull: { places: { run_id: runId } }, $inc: { rev: 1 } },
    ),
    collection('parts').deleteMany({ run_id: runId }),
    collection('batches').deleteMany({ run_id: runId, count: { $gt: 0 } }),
  ]);
  await collection('runs').deleteOne({ _id: runId });
  await collection('batches').deleteMany({ run_id: runId });
}
