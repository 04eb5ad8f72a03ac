export { canonicalLog } from './canonical-log.ts';
export { comparableText } from './comparable-text.ts';
export {
  type EventDraft,
  type EventOf,
  type EventType,
  type Origin,
  originSchema,
  type RunEvent,
  runEventSchema,
  type Usage,
  usageSchema,
  type ValueRef,
  type Warning,
  warningSchema,
} from './run-event.ts';
