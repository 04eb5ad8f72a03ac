import type { Collaborators } from './collaborators.ts';
import type { Metrics } from '../utils/metrics.ts';
import type { PreviewSlots } from '../utils/preview-slots.ts';

/** What routes work with: the collaborators, and what the app makes of them. */
export interface RouteContext extends Collaborators {
  slots: PreviewSlots;
  reads: PreviewSlots;
  metrics: Metrics;
}
