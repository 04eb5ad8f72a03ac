import { mediaFilesContract } from '../../testing/media-files.testsuite.ts';
import { memoryMediaFiles } from './media-files.ts';

mediaFilesContract('memory', async () => {
  const files = memoryMediaFiles();
  return {
    files,
    // The twin keeps whole files only, so each run that it names has at least one.
    async names() {
      const names: string[] = [];
      for await (const runId of files.runs()) names.push(runId);
      return names;
    },
    close: async () => {},
  };
});
