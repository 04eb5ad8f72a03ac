import { z } from 'zod';

/** One finding about a definition (format.md 4). `code` and `params` suffice to say it in another language. */
export const diagnosticSchema = z.object({
  code: z.string(),
  params: z.record(z.string(), z.unknown()),
  severity: z.enum(['error', 'warning', 'info']),
  /** A path into the resolved definition: `steps[2].modules[0].inputs.pipeline`; empty for the whole. */
  place: z.string(),
  file: z.string().optional(),
  pointer: z.string().optional(),
  message: z.string(),
  hint: z.string().optional(),
  /** True for the codes marked S in format.md 24: nothing can run before they are mended. */
  structural: z.boolean().optional(),
});
export type Diagnostic = z.infer<typeof diagnosticSchema>;
